// What a store remembers, and what it tells — core
import { beforeEach, describe, expect, test } from 'vitest'
import { keyOf, printKey } from '../key.ts'
import { limits } from '../limits.ts'
import { type ConfigMap, configMap, configMaps } from '../testing/kubernetes-answers.ts'
import { type RecordedLog, recordedLog } from '../testing/recorded-log.ts'
import { ObjectMemory } from './object-memory.ts'
import { ObjectStore } from './store.ts'
import type { Change, WatchedType } from './types.ts'

let log: RecordedLog
let changes: Change<ConfigMap>[]

beforeEach(() => {
  log = recordedLog()
  changes = []
})

function open(watched: Partial<WatchedType<ConfigMap>> = {}): ObjectStore<ConfigMap> {
  const { keep = (object: ConfigMap) => object } = watched
  const store = new ObjectStore<ConfigMap>({ watched: { type: configMaps, ...watched }, project: keep, log })
  store.onChange(change => changes.push(change))
  return store
}

function list(store: ObjectStore<ConfigMap>, objects: readonly ConfigMap[], resourceVersion: string): void {
  store.listed(objects)
  store.listEnded(new Set(objects.map(object => printKey(keyOf(object)))), resourceVersion)
}

const key = (name: string): { namespace: string; name: string } => ({ namespace: 'ns', name })
const added = (object: ConfigMap): { type: 'ADDED'; object: ConfigMap } => ({ type: 'ADDED', object })
const deleted = (object: ConfigMap): { type: 'DELETED'; object: ConfigMap } => ({ type: 'DELETED', object })
const bookmark = (version: string): { type: 'BOOKMARK'; object: ConfigMap } => ({
  type: 'BOOKMARK',
  object: { ...configMap('', version), metadata: { resourceVersion: version } },
})
const versions = (store: ObjectStore<ConfigMap>): Record<string, string> =>
  Object.fromEntries(store.list().map(({ metadata }) => [metadata.name, metadata.resourceVersion ?? '']))

test('before and after of each change are told', () => {
  const store = open()
  list(store, [configMap('a', '1')], '1')
  store.observe(added(configMap('a', '2')))
  store.observe(deleted(configMap('a', '3')))
  expect(changes).toEqual([
    { after: configMap('a', '1') },
    { before: configMap('a', '1'), after: configMap('a', '2') },
    { before: configMap('a', '2') },
  ])
  expect(store.get(key('a'))).toBeUndefined()
})

test('a list tells only what differs, and what is gone', () => {
  const store = open()
  list(store, [configMap('a', '1'), configMap('b', '2')], '2')
  changes.length = 0
  list(store, [configMap('a', '1'), configMap('c', '3')], '3')
  expect(changes).toEqual([{ after: configMap('c', '3') }, { before: configMap('b', '2') }])
})

test('a write of ours is told at once, and its echo is not told again', () => {
  const store = open()
  list(store, [], '1')
  store.learn(configMap('a', '5'))
  expect(store.get(key('a'))).toEqual(configMap('a', '5'))
  store.observe(added(configMap('a', '5')))
  expect(changes).toEqual([{ after: configMap('a', '5') }])
})

test('an event from before our write does not undo it; one from after does', () => {
  const store = open()
  list(store, [configMap('a', '1')], '1')
  store.learn(configMap('a', '5'))
  store.observe(added(configMap('a', '3')))
  expect(versions(store)).toEqual({ a: '5' })
  store.observe(added(configMap('a', '6')))
  expect(versions(store)).toEqual({ a: '6' })
})

test('the deletion of a predecessor does not take away what we created anew', () => {
  const store = open()
  list(store, [configMap('a', '1')], '1')
  store.learn(configMap('a', '5'))
  store.observe(deleted(configMap('a', '4')))
  expect(versions(store)).toEqual({ a: '5' })
  store.observe(added(configMap('a', '5')))
  store.observe(deleted(configMap('a', '6')))
  expect(versions(store)).toEqual({})
})

test('a reply that comes after the watch has told the deletion does not bring a ghost', () => {
  const store = open()
  list(store, [], '1')
  store.observe(added(configMap('a', '5')))
  store.observe(deleted(configMap('a', '6')))
  store.learn(configMap('a', '5'))
  expect(versions(store)).toEqual({})
})

test('a bookmark counts as told, too', () => {
  const store = open()
  list(store, [], '1')
  store.observe(bookmark('9'))
  store.learn(configMap('a', '8'))
  expect(versions(store)).toEqual({})
  store.learn(configMap('b', '10'))
  expect(versions(store)).toEqual({ b: '10' })
})

test('of two replies the newer wins, in whichever order they come', () => {
  const store = open()
  list(store, [], '1')
  store.learn(configMap('a', '12'))
  store.learn(configMap('a', '9'))
  expect(versions(store)).toEqual({ a: '12' })
})

test('a list made before our write does not take it away; the next one may', () => {
  const store = open()
  list(store, [], '1')
  store.learn(configMap('a', '5'))
  list(store, [], '4')
  expect(versions(store)).toEqual({ a: '5' })
  list(store, [], '4')
  expect(versions(store)).toEqual({})
})

test('a list made after our write is believed', () => {
  const store = open()
  list(store, [], '1')
  store.learn(configMap('a', '5'))
  list(store, [configMap('b', '3')], '7')
  expect(versions(store)).toEqual({ b: '3' })
})

test('a list with versions that start anew is believed (a restored etcd)', () => {
  const store = open()
  list(store, [configMap('a', '1000'), configMap('b', '2000')], '2000')
  list(store, [configMap('a', '7')], '9')
  expect(versions(store)).toEqual({ a: '7' })
})

test('where versions are no integers, what comes last wins', () => {
  const store = open()
  list(store, [configMap('a', 'x1')], 'x1')
  store.learn(configMap('a', 'x2'))
  expect(versions(store)).toEqual({ a: 'x2' })
  store.observe(added(configMap('a', 'x0')))
  expect(versions(store)).toEqual({ a: 'x0' })
})

test('what the selection does not cover is not learned: its deletion would never be told', () => {
  const store = open({ namespace: 'ns', labelSelector: 'app=k0smotron' })
  list(store, [], '1')
  const labelled = (name: string, namespace: string, app: string): ConfigMap => {
    const object = configMap(name, '5')
    return { ...object, metadata: { ...object.metadata, namespace, labels: { app } } }
  }
  store.learn(labelled('elsewhere', 'other', 'k0smotron'))
  store.learn(labelled('unlabelled', 'ns', 'x'))
  store.learn(labelled('ours', 'ns', 'k0smotron'))
  expect(Object.keys(versions(store))).toEqual(['ours'])
})

test('indexes follow every change', () => {
  const store = open({ indexes: { color: ({ data = {} }) => Object.values(data) } })
  list(store, [configMap('a', '1', { x: 'red' }), configMap('b', '2', { x: 'red', y: 'blue' })], '2')
  const named = (color: string): (string | undefined)[] => store.by('color', color).map(({ metadata }) => metadata.name)
  expect([named('red'), named('blue'), named('green')]).toEqual([['a', 'b'], ['b'], []])
  store.observe(added(configMap('a', '3', { x: 'green' })))
  store.observe(deleted(configMap('b', '4')))
  expect([named('red'), named('blue'), named('green')]).toEqual([[], [], ['a']])
})

test('an index that nobody declared is a mistake, and so are two of one name', () => {
  const store = open({ indexes: { color: () => [] } })
  expect(() => store.by('colour', 'red')).toThrow('no index colour')
  expect(() => store.declareIndexes({ color: () => ['x'] })).toThrow('declared twice')
})

test('only what is kept is there, in what is read and in what is told', () => {
  const store = open({ keep: ({ data: _data, ...rest }) => rest })
  list(store, [configMap('a', '1', { x: 'large' })], '1')
  const { data: _data, ...kept } = configMap('a', '1')
  expect([store.get(key('a')), changes]).toEqual([kept, [{ after: kept }]])
})

test('who changes what was read changes nothing in the cache', () => {
  const store = open()
  list(store, [configMap('a', '1', { x: '1' })], '1')
  Object.assign(store.get(key('a'))?.data ?? {}, { x: 'changed' })
  expect(store.get(key('a'))?.data).toEqual({ x: '1' })
})

test('text of any kind comes back as it was', () => {
  const store = open()
  const object = configMap('a', '1', { text: 'ä – \u2028 🚀 \0' })
  list(store, [object], '1')
  expect(store.get(key('a'))).toEqual(object)
})

test('an object that cannot be kept is logged, and the others are there', () => {
  const store = open({
    keep: object => {
      if (object.metadata.name === 'bad') throw new Error('keep')
      return object
    },
  })
  list(store, [configMap('bad', '1'), configMap('good', '2')], '2')
  expect(versions(store)).toEqual({ good: '2' })
  expect(log.errors).toEqual([
    { message: 'Object cannot be kept', fields: expect.objectContaining({ ConfigMap: 'ns/bad' }) },
  ])
})

describe('large objects', () => {
  const mebibyte = 1_048_576
  const large = (name: string, version: string, bytes = mebibyte - 500): ConfigMap =>
    configMap(name, version, { x: 'x'.repeat(bytes) })
  const most = limits.largeObjectsOfNamespaceBytes.value / mebibyte
  const names = Array.from({ length: most }, (_, nth) => `large-${nth}`)
  const fill = (store: ObjectStore<ConfigMap>): void => {
    for (const name of names) store.observe(added(large(name, '1')))
  }

  test('of a namespace are remembered up to its share; the others are left out by name, small ones stay', () => {
    const store = open()
    const leftOut: ConfigMap[] = []
    store.onLeftOut(object => leftOut.push(object))
    fill(store)
    store.observe(added(large('more', '2')))
    store.observe(added(configMap('small', '3')))
    expect(leftOut).toEqual([large('more', '2')])
    expect(Object.keys(versions(store))).toEqual([...names, 'small'])
    expect(store.isLeftOut(key('more'))).toBe(true)
    expect(log.errors).toMatchObject([{ message: 'Object left out', fields: { ConfigMap: 'ns/more' } }])
  })

  test('one that grows beyond the share is told as gone, and comes back when it shrinks', () => {
    const store = open()
    fill(store)
    store.observe(added(configMap('a', '2')))
    store.observe(added(large('a', '3')))
    expect(changes.at(-1)).toEqual({ before: configMap('a', '2') })
    store.observe(added(configMap('a', '4')))
    expect(changes.at(-1)).toEqual({ after: configMap('a', '4') })
    expect(store.isLeftOut(key('a'))).toBe(false)
  })

  test('that go, or that nobody follows any more, make room', () => {
    const shared = new ObjectMemory()
    const options = { watched: { type: configMaps }, project: (object: ConfigMap) => object, log, memory: shared }
    const [one, other] = [new ObjectStore<ConfigMap>(options), new ObjectStore<ConfigMap>(options)]
    fill(one)
    one.observe(deleted(large('large-0', '2')))
    other.observe(added(large('b', '3')))
    other.observe(added(large('c', '4')))
    expect(Object.keys(versions(other))).toEqual(['b'])
    one.close()
    other.observe(added(large('c', '5')))
    expect(Object.keys(versions(other))).toEqual(['b', 'c'])
    expect(other.isLeftOut(key('c'))).toBe(false)
  })

  test('that were left out and are gone are not left out any more', () => {
    const store = open()
    fill(store)
    list(store, [large('a', '2')], '9')
    expect(store.isLeftOut(key('a'))).toBe(true)
    list(store, [], '10')
    expect(store.isLeftOut(key('a'))).toBe(false)
  })
})

test('all namespaces together have a share too', () => {
  const shared = new ObjectMemory()
  const bytes = limits.largeObjectsOfNamespaceBytes.value
  const namespaces = limits.largeObjectsBytes.value / bytes
  for (let nth = 0; nth < namespaces; nth++) expect(shared.replace(`ns-${nth}`, 0, bytes)).toBe(true)
  expect(shared.replace('another', 0, limits.largeObjectBytes.value + 1)).toBe(false)
  expect(shared.replace('another', 0, limits.largeObjectBytes.value)).toBe(true)
})
