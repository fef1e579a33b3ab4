// What a pass does beside applies: one effect that a phase asks for — core
import { type KubeObject, namesOf, type ResourceType } from '@k0smotron-ts/api'
import {
  type Applied,
  type GuardedPatch,
  type Pod,
  type Shell,
  type StatefulSet,
  statefulSets,
} from '@k0smotron-ts/runtime'
import { dump } from 'js-yaml'
import { expect, it } from 'vitest'
import {
  type ControlPlaneSpec,
  certificates,
  controlPlane,
  etcdService,
  k0sPod,
  liveConfig,
  liveService,
  liveSet,
  livingSet,
  noMembers,
  observed,
  readyStatus,
  type Situation,
} from '../../testing/observed.ts'
import { datastoreOf } from '../datastore/choice.ts'
import { keepParts } from './keep.ts'

const version = 'v1.36.3+k0s.1'
const initialized = { initialization: { controlPlaneInitialized: true } }
const labels = { 'k0smotron.io/config': 'inuse' }
const started = '2025-06-01T00:00:00Z'
const controller = { name: 'controller', image: '', imageID: '', ready: true, restartCount: 0 }
const set = livingSet()
const at = (path: string) => `/spec/template/metadata/annotations${path}`
const read = { get: () => undefined }
const renewed = 'k0smotron.io/certificates-renewed'

/** With a member of etcd beside it. */
const withTemplate = (metadata: object): StatefulSet[] => [
  { ...set, spec: { ...set.spec, template: { metadata } } as never },
  liveSet(namesOf('prod').etcd, { status: { replicas: 1, readyReplicas: 1 } }),
]

/** After eleven months: every control plane is due. */
const old: Situation = {
  ...certificates,
  services: [liveService('ClusterIP'), etcdService],
  statefulSets: withTemplate({ labels, annotations: { a: 'b' } }),
  configMaps: [{ ...liveConfig('inuse'), data: { 'k0s.yaml': dump({ spec: {} }) } }],
  pods: [k0sPod({ containerStatuses: [{ ...controller, state: { running: { startedAt: started } } }] })],
}

/** What a pass patches on the StatefulSet. */
async function rolled(spec: ControlPlaneSpec, more: Situation = {}, refused?: string): Promise<unknown> {
  const patches: GuardedPatch[] = []
  const same = async (_: unknown, object: KubeObject) => object
  const patch = async (type: ResourceType, object: KubeObject, one: GuardedPatch) => {
    if (type === statefulSets) patches.push(one)
    return object
  }
  const before = observed(spec, { ...old, ...more, controlPlane: controlPlane(spec, initialized) })
  const isRefused = ({ kind, metadata }: KubeObject) => [kind, metadata.name].includes(refused)
  const answer = (object: KubeObject) => ({ object, result: isRefused(object) ? 'refused' : 'applied' })
  const apply = async (objects: readonly KubeObject[]) => objects.map(answer)
  const shell = { read, patch, mint: same, renew: same, apply, delete: same } as unknown as Shell
  await keepParts(before, shell, { readFacts: () => ({ certificates: before.certificates }), members: noMembers })
  return patches[0]?.operations.at(-1)
}

const now = '2026-05-01T00:00:00.000Z'
const another = { spec: { network: { podCIDR: '10.8.0.0/16' } } }

it.each<[string, ControlPlaneSpec]>([
  ['of another network', { version, k0sConfig: another }],
  ['without a version', {}],
])('a spec %s does not let the certificates of k0s end: its pods are rolled as they are', async (_, spec) => {
  const path = at('/k0smotron.io~1certificates-renewed')
  expect(await rolled(spec)).toEqual({ op: 'add', path, value: now })
})

it('a template without annotations gets its first', async () => {
  expect(await rolled({}, { statefulSets: withTemplate({ labels }) })).toEqual({
    op: 'add',
    path: at(''),
    value: { [renewed]: now },
  })
})

it.each<[string, ControlPlaneSpec, Situation]>([
  ['the spec gives the StatefulSet: the roll is a part of it', { version }, {}],
  ['it is not due yet', {}, { now: new Date('2025-12-01T00:00:00Z') }],
  ['no pod could start: its configuration is gone', {}, { configMaps: [] }],
  ['no pod could start: an authority is gone', {}, { secrets: {} }],
])('nothing is rolled where %s', async (_, spec, more) => {
  expect(await rolled(spec, more)).toBeUndefined()
})

interface Rolling {
  readonly k0s: Applied['result']
  readonly etcd?: Applied['result']
  /** Of the last pod. */
  readonly status?: Pod['status']
}

/** What a pass takes away of three pods that are not of the newest revision. */
async function removed({ k0s, etcd = 'unchanged', status = readyStatus }: Rolling): Promise<readonly unknown[]> {
  const removals: unknown[] = []
  const several = liveSet(namesOf('prod').statefulSet, {
    spec: { replicas: 3, updateStrategy: { type: 'OnDelete' } } as never,
    status: { replicas: 3, updateRevision: 'newer', observedGeneration: 1 },
  })
  const pods = [0, 1, 2].map(ordinal => {
    const { metadata, ...pod } = k0sPod(ordinal === 2 ? status : readyStatus)
    return { ...pod, metadata: { ...metadata, name: `kmc-prod-${ordinal}`, resourceVersion: `7${ordinal}` } }
  })
  const datastore = { ...datastoreOf({}), isWhole: datastoreOf({}).isReady }
  const members = liveSet(namesOf('prod').etcd, {
    spec: { replicas: 1, updateStrategy: { type: 'OnDelete' } } as never,
    status: { replicas: 1, readyReplicas: 1 },
  })
  const sets = [several, members]
  const spec = { version, replicas: 3 }
  const before = observed(spec, { ...old, now: new Date(started), datastore, statefulSets: sets, pods })
  const same = async (_: unknown, object: KubeObject) => object
  const resultOf = ({ metadata: { name } }: KubeObject) => (name === several.metadata.name ? k0s : etcd)
  const answer = (object: KubeObject) => ({
    object,
    result: object.kind === 'StatefulSet' ? resultOf(object) : 'unchanged',
  })
  const apply = async (objects: readonly KubeObject[]) => objects.map(answer)
  const deletion = async (_: unknown, { kind, metadata }: KubeObject, options: object) => {
    if (kind === 'Pod') removals.push(['delete', metadata.name, metadata.uid, options])
  }
  const evict = async ({ metadata }: KubeObject) => void removals.push(['evict', metadata.name, metadata.uid])
  const shell = { read, patch: same, mint: same, renew: same, apply, delete: deletion, evict } as unknown as Shell
  await keepParts(before, shell, { readFacts: () => ({ certificates: before.certificates }), members: noMembers })
  return removals
}

it('a pod goes only when its StatefulSet needed no change', async () => {
  expect(await removed({ k0s: 'unchanged' })).toHaveLength(1)
  expect(await removed({ k0s: 'applied' })).toEqual([])
  expect(await removed({ k0s: 'refused' })).toEqual([])
})

it('a pod that serves is evicted, and one that does not is deleted as it was seen', async () => {
  expect(await removed({ k0s: 'unchanged' })).toEqual([['evict', 'kmc-prod-2', 'uid-of-pod']])
  const asSeen = { resourceVersion: '72' }
  expect(await removed({ k0s: 'unchanged', status: {} })).toEqual([['delete', 'kmc-prod-2', 'uid-of-pod', asSeen]])
})

it('both StatefulSets are taken over before either gets its second pod', async () => {
  const patched: (string | undefined)[] = []
  const spec = { version, replicas: 3 }
  const sets = [namesOf('prod').statefulSet, namesOf('prod').etcd].map(name =>
    liveSet(name, { spec: { replicas: 1 } as never, status: { replicas: 1, readyReplicas: 1 } }),
  )
  const before = observed(spec, { ...old, now: new Date(started), statefulSets: sets })
  const same = async (_: unknown, object: KubeObject) => object
  const patch = async (_: unknown, object: KubeObject) => {
    patched.push(object.metadata.name)
    return object
  }
  const apply = async (objects: readonly KubeObject[]) => {
    if (objects.some(({ kind }) => kind === 'StatefulSet')) patched.push('applied')
    return objects.map(object => ({ object, result: 'applied' }))
  }
  const shell = { read, patch, mint: same, renew: same, apply, delete: same } as unknown as Shell
  await keepParts(before, shell, { readFacts: () => ({ certificates: before.certificates }), members: noMembers })
  expect(new Set(patched.slice(0, 2))).toEqual(new Set(['kmc-prod', 'kmc-prod-etcd']))
  expect(patched.slice(2)).toEqual(['applied'])
})

it('the StatefulSet of etcd keeps it only when it was changed, not when it was refused', async () => {
  expect(await removed({ k0s: 'unchanged', etcd: 'refused' })).toHaveLength(1)
  expect(await removed({ k0s: 'unchanged', etcd: 'applied' })).toEqual([])
})

it('nothing is rolled in a pass in which a configuration was refused', async () => {
  expect(await rolled({}, {}, 'Service')).toBeDefined()
  expect(await rolled({}, {}, 'ConfigMap')).toBeUndefined()
  expect(await rolled({}, {}, 'prod-oidc')).toBeDefined()
})
