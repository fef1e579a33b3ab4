// When there is more than one member to know of, and what a pass sees of them — core
import type { ConfigMap, PersistentVolumeClaim, StatefulSet } from '@k0smotron-ts/runtime'
import { expect, test } from 'vitest'
import { certificates, etcdPod, etcdService, etcdVolume, liveSet, observed } from '../../../../testing/observed.ts'
import { renderEtcdConfig } from '../config.ts'
import { renderEtcd } from '../outcome.ts'
import { renderEtcdStatefulSet } from '../stateful-set.ts'
import { hasSeveral, isNumbered, membersSeen, wantedMembers } from './seen.ts'

interface Situation {
  readonly replicas?: number
  /** Of the StatefulSet; 0: there is none. */
  readonly live?: number
  /** By somebody else. */
  readonly scaledTo?: number
  readonly claims?: readonly PersistentVolumeClaim[]
}

function situation({ replicas, live = 1, scaledTo = live, claims = [etcdVolume(0)] }: Situation) {
  const set = liveSet('kmc-prod-etcd', {
    spec: { replicas: scaledTo } as never,
    status: { replicas: live, readyReplicas: 1 },
  })
  return observed(
    { version: 'v1.36.3+k0s.1', ...(replicas !== undefined && { replicas }) },
    { ...certificates, services: [etcdService], statefulSets: live === 0 ? [] : [set], datastoreClaims: claims },
  )
}

const foreign = (ordinal: number, mark: string): PersistentVolumeClaim => {
  const claim = etcdVolume(ordinal, mark)
  const annotations = { ...claim.metadata.annotations, 'k0smotron.io/authority': 'another' }
  return { ...claim, metadata: { ...claim.metadata, annotations } }
}

const root = { directory: 'root' }

test.each<[string, Situation, { readonly numbered: boolean; readonly several: boolean }]>([
  ['one, as it ever was', {}, { numbered: false, several: false }],
  ['one, and somebody scaled the StatefulSet', { live: 3 }, { numbered: false, several: false }],
  [
    'one, beside a volume that nobody marked',
    { claims: [etcdVolume(0), etcdVolume(1)] },
    { numbered: false, several: false },
  ],
  ['three are wanted, and none is there yet', { replicas: 3, live: 0, claims: [] }, { numbered: true, several: false }],
  ['three are wanted of one', { replicas: 3 }, { numbered: true, several: true }],
  ['one is left of three', { claims: [etcdVolume(0, '17', root)] }, { numbered: true, several: false }],
  ['one is to be left of three', { live: 3, claims: [etcdVolume(0, '17', root)] }, { numbered: true, several: true }],
  [
    'one is left, and the volume of another',
    { claims: [etcdVolume(0, '17', root), etcdVolume(1, '18')] },
    { numbered: true, several: true },
  ],
  ['one is left, and lost its volume', { claims: [etcdVolume(0, 'fresh')] }, { numbered: true, several: true }],
  [
    'one is left, and its volume goes',
    { claims: [etcdVolume(0, '17', { isGoing: true })] },
    { numbered: true, several: true },
  ],
])('%s', (_what, given, { numbered, several }) => {
  const seen = situation(given)
  expect({ numbered: isNumbered(seen), several: hasSeveral(seen) }).toEqual({ numbered, several })
})

test.each([
  [1, 1],
  [2, 3],
  [3, 3],
  [4, 5],
  [9, 5],
])('%i pods of k0s have %i members', (replicas, members) => {
  expect(wantedMembers(situation({ replicas }))).toBe(members)
})

test('k0s that rests keeps the members that there are', () => {
  expect(wantedMembers(situation({ replicas: 0, live: 3 }))).toBe(3)
  expect(wantedMembers(situation({ replicas: 0, live: 0 }))).toBe(1)
})

test.each([
  ['fewer replicas take none away', 1, 3],
  ['more replicas bring some', 5, 5],
])('of what was written through /scale %s', (_what, replicas, members) => {
  const claims = [0, 1, 2].map(ordinal => etcdVolume(ordinal, `1${ordinal}`))
  const seen = situation({ replicas, live: 3, scaledTo: 5, claims })
  expect(wantedMembers({ ...seen, keepsMembers: true })).toBe(members)
  expect(wantedMembers(seen)).toBe(replicas)
})

test.each<[string, Situation, number]>([
  ['as many as there are', { replicas: 3, live: 2 }, 2],
  ['one, when somebody took all away', { replicas: 3, live: 3, scaledTo: 0 }, 1],
  ['one, when somebody took the only one away', { claims: [etcdVolume(0, '17', root)], scaledTo: 0 }, 1],
  [
    'all that have a volume, when it is made anew',
    { replicas: 3, live: 0, claims: [etcdVolume(0, '17', root), etcdVolume(1, 'fresh'), etcdVolume(2, '19')] },
    3,
  ],
  ['one, when nobody has started yet', { replicas: 3, live: 0, claims: [etcdVolume(1, 'fresh'), foreign(2, '18')] }, 1],
])('the StatefulSet has %s', (_what, given, replicas) => {
  expect(renderEtcdStatefulSet(situation(given)).spec?.replicas).toBe(replicas)
})

const patched = '{"op":"replace","path":"/spec/updateStrategy","value":{"type":"OnDelete"}}'

test.each<[string, Situation, { readonly strategy: string | undefined; readonly effects: readonly string[] }]>([
  ['a single one by Kubernetes', {}, { strategy: undefined, effects: [] }],
  ['several by us', { replicas: 3 }, { strategy: 'OnDelete', effects: [patched] }],
  ['several that are new by us', { replicas: 3, live: 0, claims: [] }, { strategy: 'OnDelete', effects: [] }],
  ['one that is left by us', { claims: [etcdVolume(0, '17', root)] }, { strategy: 'OnDelete', effects: [patched] }],
])('pods are replaced: %s', (_what, given, { strategy, effects }) => {
  const outcome = renderEtcd(situation(given))
  const set = outcome.objects.find(({ kind }) => kind === 'StatefulSet') as StatefulSet | undefined
  expect(set?.spec?.updateStrategy?.type).toBe(strategy)
  const patches = (outcome.effects ?? []).flatMap(({ change }) =>
    typeof change === 'string' ? [] : JSON.stringify(change.patch.operations.at(-1)),
  )
  expect(patches).toEqual(effects)
})

test('one that is left is asked before its pod is replaced', () => {
  const left = situation({ claims: [etcdVolume(0, '17', root)] })
  const [set] = left.statefulSets
  const onDelete = { ...set, spec: { replicas: 1, updateStrategy: { type: 'OnDelete' } } } as never as StatefulSet
  const seenWith = (updateRevision: string) => {
    const datastoreSet = { ...onDelete, status: { updateRevision } } as never
    return { ...left, datastoreSet, datastorePods: [etcdPod(0)] }
  }
  const pod = etcdPod(0)
  const labelled = { ...pod, metadata: { ...pod.metadata, labels: { 'controller-revision-hash': 'new' } } }
  expect(hasSeveral(seenWith('new'))).toBe(true)
  expect(membersSeen(seenWith('new'))?.pods.get(0)).toMatchObject({ isOutdated: true })
  expect(hasSeveral({ ...seenWith('new'), datastorePods: [labelled] })).toBe(false)
  // also before a member has a volume of its own: Kubernetes does not replace it any more
  expect(hasSeveral({ ...seenWith('new'), datastoreClaims: [etcdVolume(0)] })).toBe(true)
})

test('what is written in the configuration is read back from it', () => {
  const joining = {
    ...situation({ replicas: 3, claims: [etcdVolume(0, '17', root), etcdVolume(1, '18')] }),
    datastorePods: [etcdPod(0)],
    datastoreMembers: {
      members: [
        { id: '17', ordinal: 0, isVoter: true, isStarted: true },
        { id: '18', ordinal: 1, isVoter: false, isStarted: false },
      ],
      answers: new Map(),
    } as const,
  }
  const live: ConfigMap = { ...renderEtcdConfig(joining, '0.0.0.0'), metadata: { name: 'kmc-prod-etcd-config' } }
  const seen = membersSeen({ ...joining, configMaps: [live] })
  expect(seen).toMatchObject({
    desired: 3,
    replicas: 1,
    pods: new Map([[0, { uid: 'uid-of-etcd-0', isReady: false, isRunning: false, isOutdated: false }]]),
  })
  expect(seen?.files).toEqual(
    new Map<number, object>([
      [0, { initial: [0] }],
      [1, { directory: '18', initial: [0, 1] }],
      ...[2, 3, 4].map(ordinal => [ordinal, { initial: [ordinal] }] as const),
    ]),
  )
  expect(seen?.claims.get(0)).toEqual({ uid: 'uid-of-volume-0', mark: '17', isRoot: true, isGoing: false })
})

test('while nobody says who the members are, the files stay as they are', () => {
  const unknown = situation({ replicas: 3, claims: [etcdVolume(0, '17', root), etcdVolume(1, '18')] })
  const data = { 'kmc-prod-etcd-0.yaml': 'name: somebody' }
  const live: ConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kmc-prod-etcd-config' }, data }
  expect(renderEtcdConfig({ ...unknown, configMaps: [live] }, '0.0.0.0').data).toEqual(data)
})

test('marks of another control plane are passed over', () => {
  const seen = situation({ claims: [etcdVolume(0), foreign(1, '18')] })
  expect({ numbered: isNumbered(seen), several: hasSeveral(seen) }).toEqual({ numbered: false, several: false })
  const othersName = 'etcd-data-kmc-prod-etcd-1'
  expect(membersSeen(seen)?.claims.get(1)).toEqual({ uid: 'uid-of-volume-1', othersName, isGoing: false })
  const [set] = situation({}).statefulSets
  const template = { metadata: { annotations: { 'k0smotron.io/authority': 'another' } } }
  const datastoreSet = { ...set, spec: { ...set?.spec, volumeClaimTemplates: [template] } } as never
  // the set that lives was made with it: whatever a Secret says by now
  expect(membersSeen({ ...seen, datastoreSet })?.claims.get(1)).toMatchObject({ mark: '18' })
})

test('a first member forms a cluster only where none was', () => {
  const first = { 'kmc-prod-etcd-0.yaml': expect.stringContaining('initial-cluster-state: new') }
  const unformed = { ...situation({ replicas: 3, live: 0, claims: [] }) }
  expect(renderEtcdConfig(unformed, '0.0.0.0').data).toMatchObject(first)
  const restored = { ...situation({ replicas: 3, live: 0, claims: [etcdVolume(1, '18')] }) }
  expect(renderEtcdConfig(restored, '0.0.0.0').data).not.toMatchObject(first)
  for (const nobodys of [etcdVolume(1, 'fresh'), foreign(1, '18')]) {
    const beside = { ...situation({ live: 0, claims: [nobodys] }) }
    expect(renderEtcdConfig(beside, '0.0.0.0').data).toMatchObject(first)
  }
})
