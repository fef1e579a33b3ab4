// Contents that the spec refers to: read when they are needed, no more than fits, and no key of a cluster — shell
import type { K0sWorkerConfig, KubeObject } from '@k0smotron-ts/api'
import { ApiError, type Shell } from '@k0smotron-ts/runtime'
import { describe, expect, test } from 'vitest'
import { observed } from '../../../testing/observed.ts'
import { scriptedWorld } from '../../../testing/scripted-world.ts'
import { readFiles } from './files.ts'

type Files = NonNullable<K0sWorkerConfig['spec']['files']>

const secretOf = (name: string, key = 'a') => ({ secretRef: { name, key } })
const referring = (count: number, name: (index: number) => string): Files =>
  Array.from({ length: count }, (_, index) => ({ path: `/f${index}`, contentFrom: secretOf(name(index)) }))
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const opaque = (content: string): object => ({ type: 'Opaque', data: { a: base64(content) } })

/** What is there by name, and how each was read. */
function shellWith(objects: Readonly<Record<string, object | ApiError>>) {
  const watched: string[] = []
  const got: string[] = []
  const find = (name: string): object | undefined => {
    const found = objects[name]
    if (found instanceof ApiError) throw found
    return found
  }
  const note = (list: string[], name: string): object | undefined => {
    list.push(name)
    return find(name)
  }
  const shell = {
    read: { referenced: async (_: unknown, { name }: { name: string }) => note(watched, name) },
    client: { get: async (_: unknown, { name }: { name: string }) => note(got, name) },
  } as unknown as Shell
  return { shell, watched, got }
}

test('text and bytes arrive as they are, files are readable unless the user says otherwise', async () => {
  const files: Files = [
    { path: '/a', content: 'text' },
    { path: '/b', content: '', contentFrom: secretOf('s'), permissions: '' },
    { path: '/c', contentFrom: { configMapRef: { name: 'c', key: 'b' } }, permissions: '0600' },
    { path: '/d', contentFrom: { configMapRef: { name: 'c', key: 'a' } } },
  ]
  const { shell } = shellWith({ s: opaque('x'), c: { data: { a: 'plain' }, binaryData: { b: base64('bytes') } } })
  expect(await readFiles(observed({ files }), shell)).toEqual({
    files: [
      { path: '/a', content: 'text', permissions: '0644' },
      { path: '/b', content: Buffer.from('x'), permissions: '0644' },
      { path: '/c', content: Buffer.from('bytes'), permissions: '0600' },
      { path: '/d', content: Buffer.from('plain'), permissions: '0644' },
    ],
  })
})

test('missing ones are named, a handful of them', async () => {
  const files = [
    ...referring(6, index => `s${index}`),
    { path: '/x', contentFrom: { configMapRef: { name: 'c', key: 'k' } } },
  ]
  expect(await readFiles(observed({ files }), shellWith({ s0: opaque('x') }).shell)).toEqual({
    applied: [],
    wait: {
      reason: 'WaitingForReference',
      message:
        'waiting for key a of Secret s1, key a of Secret s2, key a of Secret s3, key a of Secret s4, key a of Secret s5, and 1 more',
    },
  })
})

test.each(['cluster.x-k8s.io/secret', 'bootstrap.kubernetes.io/token'])(
  'a Secret of type %s is not given to machines',
  async type => {
    const { shell } = shellWith({ s0: { type, data: { a: base64('key') } } })
    expect(await readFiles(observed({ files: referring(1, () => 's0') }), shell)).toEqual({
      applied: [],
      wait: {
        reason: 'InvalidSpec',
        message: `spec.files[0].contentFrom refers to Secret s0 of type ${type}: what Cluster API and its providers keep in it is not given to machines`,
      },
    })
  },
)

test.each(['ca', 'etcd', 'proxy', 'sa', 'kubeconfig', 'apiserver-etcd-client'])(
  'Secret prod-%s of the cluster is not given to machines, of whatever type it is, and not read',
  async purpose => {
    const world = shellWith({ [`prod-${purpose}`]: { type: 'kubernetes.io/tls', data: { a: base64('key') } } })
    expect(await readFiles(observed({ files: referring(1, () => `prod-${purpose}`) }), world.shell)).toEqual({
      applied: [],
      wait: {
        reason: 'InvalidSpec',
        message: `spec.files[0].contentFrom refers to Secret prod-${purpose}: what Cluster API and its providers keep under such a name is not given to machines`,
      },
    })
    expect([world.watched, world.got]).toEqual([[], []])
  },
)

test('nor is that of another cluster, which its label tells', async () => {
  const metadata = { labels: { 'cluster.x-k8s.io/cluster-name': 'other' } }
  const { shell } = shellWith({
    'other-ca': { ...opaque('key'), metadata },
    'other-token': { ...opaque('x'), metadata },
  })
  const read = await readFiles(observed({ files: referring(1, () => 'other-ca') }), shell)
  expect(read).toMatchObject({ wait: { reason: 'InvalidSpec', message: expect.stringContaining('Secret other-ca: ') } })
  expect(await readFiles(observed({ files: referring(1, () => 'other-token') }), shell)).toHaveProperty('files')
})

test.each(['company-ca', 'prod-registry'])('a Secret %s of the user is read', async name => {
  const { shell } = shellWith({ [name]: opaque('x') })
  expect(await readFiles(observed({ files: referring(1, () => name) }), shell)).toHaveProperty('files')
})

test('a ConfigMap may have any name', async () => {
  const files: Files = [{ path: '/c', contentFrom: { configMapRef: { name: 'prod-ca', key: 'a' } } }]
  const { shell } = shellWith({ 'prod-ca': { data: { a: 'public' } } })
  expect(await readFiles(observed({ files }), shell)).toHaveProperty('files')
})

test('one that may not be read is a refusal of that object, not an end of the pass', async () => {
  const error = new ApiError({ reason: 'Forbidden', message: 'secrets "s0" is forbidden', request: 'GET x' })
  const read = await readFiles(observed({ files: referring(1, () => 's0') }), shellWith({ s0: error }).shell)
  expect(read).toMatchObject({ wait: undefined, applied: [{ concerns: 'DataSecretAvailable', error }] })
})

describe('bounds', () => {
  test('reading ends where no Secret could hold it', async () => {
    const world = shellWith(Object.fromEntries(Array.from('0123', index => [`s${index}`, opaque('x'.repeat(600_000))])))
    expect(await readFiles(observed({ files: referring(4, index => `s${index}`) }), world.shell)).toEqual({
      applied: [],
      wait: {
        reason: 'DataTooLarge',
        message:
          'the bootstrap data would have at least 1200000 bytes, and a Secret holds 1048576; the largest parts: spec.files[0].contentFrom (600000 bytes), spec.files[1].contentFrom (600000 bytes)',
      },
    })
    expect(world.watched).toEqual(['s0', 's1'])
  })

  test('an object is read once, whatever refers to it', async () => {
    const world = shellWith({ s: opaque('x') })
    await readFiles(observed({ files: referring(100, () => 's') }), world.shell)
    expect([world.watched, world.got]).toEqual([['s'], []])
  })

  test('of more than 32 objects only missing ones are watched, 32 at a time', async () => {
    const files = referring(90, index => `s${index}`)
    const world = shellWith(Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`s${index}`, opaque('x')])))
    await readFiles(observed({ files }), world.shell)
    expect(world.got).toHaveLength(90)
    expect(world.watched).toEqual(Array.from({ length: 32 }, (_, index) => `s${40 + index}`))
  })

  test('nothing is read before everything else is there', async () => {
    const read: string[] = []
    const referenced = (name: string): KubeObject | undefined => void read.push(name)
    const { cluster: _, ...waiting } = observed({ files: referring(500, index => `s${index}`) })
    await scriptedWorld(waiting, { referenced }).pass()
    expect(read).toEqual([])
  })
})
