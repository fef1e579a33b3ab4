// Who is told that no memory is left for his object, and when — core
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import { expect, test } from 'vitest'
import { awaitChange } from '../contract/types.ts'
import { wakeOn } from '../contract/wake.ts'
import { keyOf } from '../key.ts'
import { memoryCache } from '../testing/memory-cache.ts'
import { reportLeftOut } from './left-out.ts'
import type { ControllerSetup } from './pass.ts'

const type = (kind: string): ResourceType => ({ group: 'g', version: 'v1', kind, plural: kind, namespaced: true })
const widgets = type('Widget')
const parts = type('Part')

const object = ({ kind }: ResourceType, name: string, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'g/v1',
  kind,
  metadata: { namespace: 'ns', name, uid: `uid-${name}`, labels },
})

function leftOutUnderTest(filter?: ControllerSetup['filter']) {
  const cache = memoryCache()
  const told: string[] = []
  const controller = {
    name: 'widget',
    primary: widgets,
    wakes: [wakeOn({ type: widgets }, one => [keyOf(one)]), wakeOn({ type: parts }, one => [keyOf(one)])],
    reconcile: async () => awaitChange,
  }
  const events = {
    record: ({ metadata }: KubeObject, { type: kind, reason }: { type: string; reason: string }) =>
      void told.push(`${kind} ${reason} ${metadata.namespace}/${metadata.name} ${metadata.uid}`),
  }
  const shellFor = () => expect.unreachable()
  return { cache, told, ...reportLeftOut({ controller, shellFor, ...(filter && { filter }) }, { cache, events }) }
}

test('an object of ours is told of once we work, and at once from then on', () => {
  const { cache, told, start } = leftOutUnderTest()
  cache.leaveOut(widgets, object(widgets, 'a'))
  expect(told).toEqual([])
  start()
  cache.leaveOut(widgets, object(widgets, 'b'))
  expect(told).toEqual(['Warning TooLarge ns/a uid-a', 'Warning TooLarge ns/b uid-b'])
})

test('neither the objects of others nor those of another instance are ours to tell of', () => {
  const { cache, told, start } = leftOutUnderTest(({ metadata }) => metadata.labels?.ours === 'yes')
  start()
  cache.leaveOut(parts, object(parts, 'part'))
  cache.leaveOut(widgets, object(widgets, 'foreign'))
  cache.leaveOut(widgets, object(widgets, 'own', { ours: 'yes' }))
  expect(told).toEqual(['Warning TooLarge ns/own uid-own'])
})
