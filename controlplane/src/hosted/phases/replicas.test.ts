import { namesOf } from '@k0smotron-ts/api'
import type { Effect, Pod, StatefulSet } from '@k0smotron-ts/runtime'
import { load } from 'js-yaml'
import { expect, it } from 'vitest'
import {
  budget,
  type ControlPlaneSpec,
  certificates,
  controlPlane,
  etcdService,
  k0sPod,
  liveService,
  liveSet,
  observed,
  readyStatus,
  type Situation,
} from '../../testing/observed.ts'
import { datastoreOf } from '../datastore/choice.ts'
import { wantedReplicas } from '../facts/members.ts'
import { renderWorkload } from './workload.ts'

const version = 'v1.36.3+k0s.1'
const { etcd, statefulSet } = namesOf('prod')
const member = liveSet(etcd, { status: { replicas: 1, readyReplicas: 1 } })
/** One whose members are another matter. */
const { isReady: isDatastoreReady } = datastoreOf({})
const datastore = { ...datastoreOf({}), isWhole: isDatastoreReady, mayWake: isDatastoreReady }

const set = (replicas: number, type = 'OnDelete'): StatefulSet => {
  const live = liveSet(statefulSet, {
    spec: { replicas, updateStrategy: { type } } as never,
    status: { replicas, updateRevision: 'new', observedGeneration: 1 },
  })
  return { ...live, metadata: { ...live.metadata, generation: 1, resourceVersion: '5' } }
}

function pod(ordinal: number, labels: Readonly<Record<string, string>> = {}, status: object = readyStatus): Pod {
  const { metadata, ...rest } = k0sPod(status as Pod['status'], labels)
  return { ...rest, metadata: { ...metadata, name: `${statefulSet}-${ordinal}` } }
}

const formed = { 'k0smotron.io/datastore-formed': 'true' }
const outdated = { 'controller-revision-hash': 'old' }

/** What a pass would do: the StatefulSet, whether controllers elect, effects, and what people are told. */
function passOver(spec: ControlPlaneSpec, live: StatefulSet | undefined, more: Situation = {}) {
  const situation = { ...certificates, services: [liveService('ClusterIP'), etcdService], datastore, ...more }
  const statefulSets = [...(live ? [live] : []), ...(more.statefulSets ?? [member])]
  const {
    objects,
    conditions,
    effects = [],
  } = renderWorkload(observed({ version, ...spec }, { ...situation, statefulSets }))
  const [config, rendered] = ['ConfigMap', 'StatefulSet'].map(kind => objects.find(one => one.kind === kind))
  const text = (config as { data?: Readonly<Record<string, string>> } | undefined)?.data?.['k0s.yaml'] ?? ''
  const { controllerManager, scheduler } = (load(text) as { spec: Record<string, { extraArgs: object }> }).spec
  const { spec: { replicas, updateStrategy, template } = {} as never } = rendered as StatefulSet
  return {
    replicas,
    strategy: updateStrategy?.type,
    spread: template.spec?.topologySpreadConstraints ?? [],
    elects: controllerManager === undefined && scheduler === undefined,
    hash: config?.metadata.labels?.['k0smotron.io/config'] ?? '',
    effects: effects.map(nameOf),
    told: conditions.flatMap(({ type, status, message }) =>
      status === 'True' && message ? [`${type}: ${message}`] : [],
    ),
  }
}

function nameOf({ object, change }: Effect): string {
  const what = typeof change === 'string' ? change : JSON.stringify(change.patch.operations.at(-1))
  return `${object.kind} ${object.metadata.name} ${what}`
}

const ownOrder = '{"op":"replace","path":"/spec/updateStrategy","value":{"type":"OnDelete"}}'

it('one replica is rolled by Kubernetes, and elects nobody', () => {
  const one = { replicas: 1, strategy: undefined, elects: false, effects: [] }
  expect(passOver({}, undefined)).toMatchObject(one)
  expect(passOver({}, set(1, 'RollingUpdate'), { pods: [pod(0, outdated)] })).toMatchObject(one)
})

it('a datastore for one k0s gets one, whatever is asked for', () => {
  const asked = passOver({ replicas: 3 }, undefined, { datastore: { ...datastore, maxReplicas: 1 } })
  expect(asked).toMatchObject({ replicas: 1, strategy: undefined, elects: false })
})

it('several are spread by constraints that select no pods, as by those that do', () => {
  const constraint = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' } as const
  const own = { ...constraint, labelSelector: { matchLabels: { own: 'yes' } } }
  const topologySpreadConstraints = [constraint, own]
  const selectors = (replicas: number) =>
    passOver({ replicas, topologySpreadConstraints }, undefined).spread.map(one => one.labelSelector?.matchLabels)
  expect(selectors(3)).toEqual([expect.objectContaining({ cluster: 'prod', component: 'cluster' }), { own: 'yes' }])
  expect(selectors(1)).toEqual([undefined, { own: 'yes' }])
})

it('several that are new come at once', () => {
  expect(passOver({ replicas: 3 }, undefined)).toMatchObject({
    replicas: 3,
    strategy: 'OnDelete',
    elects: true,
    effects: [],
  })
})

it('a single one is replaced by one that elects before others come beside it', () => {
  const pods = [pod(0, outdated)]
  const first = passOver({ replicas: 3 }, set(1, 'RollingUpdate'), { pods })
  expect(first).toMatchObject({ replicas: 1, strategy: 'OnDelete', elects: true })
  expect(first.effects).toEqual([`StatefulSet ${statefulSet} ${ownOrder}`])
  const second = passOver({ replicas: 3 }, set(1), { pods })
  expect(second).toMatchObject({ replicas: 1, effects: [`Pod ${statefulSet}-0 evict`] })
  expect(second.told).toContain(`ScalingUp: 1 of 3 pods exist; waiting for Pod ${statefulSet}-0 to be ready`)
  expect(passOver({ replicas: 3 }, set(1), { pods: [pod(0)] })).toMatchObject({ replicas: 1, effects: [] })
  const elected = pod(0, { 'k0smotron.io/config': second.hash })
  expect(passOver({ replicas: 3 }, set(1), { pods: [elected] })).toMatchObject({ replicas: 3, effects: [] })
})

it('all come back where somebody took the last one away', () => {
  expect(passOver({ replicas: 3 }, set(0), { pods: [] })).toMatchObject({ replicas: 3, effects: [] })
})

it('a release that is replaced by another one does not begin to scale what runs', () => {
  const message = 'these fields have no effect yet: spec.replicas, spec.manifests'
  const asked = (observedGeneration: number, annotations: Readonly<Record<string, string>> = formed) => {
    const said = { type: 'NotSupported', status: 'True', reason: 'FieldsNotSupported', message, observedGeneration }
    const own = controlPlane({ version, replicas: 3 }, { conditions: [said] } as never)
    const situation = { controlPlane: { ...own, metadata: { ...own.metadata, annotations } } }
    const seen = observed({ version, replicas: 3 }, situation)
    return { wanted: wantedReplicas(seen), named: seen.unsupported.map(({ path }) => path) }
  }
  expect(asked(1)).toEqual({ wanted: 1, named: ['spec.replicas'] })
  // the spec was changed since, or there is nothing yet that runs
  expect(asked(0)).toEqual({ wanted: 3, named: [] })
  expect(asked(1, {})).toEqual({ wanted: 3, named: [] })
})

it('none comes beside another, and none that serves is replaced, while members of the datastore change', () => {
  const changing = (labels: Readonly<Record<string, string>>) =>
    passOver({ replicas: 3 }, set(1), { datastore: datastoreOf({}), pods: [pod(0, labels)] })
  expect(changing(outdated)).toMatchObject({ replicas: 1, effects: [] })
  const elected = { 'k0smotron.io/config': changing({}).hash }
  expect(changing(elected)).toMatchObject({ replicas: 1, effects: [] })
  expect(changing(elected).told).toContain('ScalingUp: 1 of 3 pods exist; waiting for the datastore to be ready')
})

it('several are replaced from the last one on, while all others serve', () => {
  const rolling = (...pods: Pod[]) => passOver({ replicas: 3 }, set(3), { pods })
  expect(rolling(pod(0, outdated), pod(1, outdated), pod(2, outdated)).effects).toEqual([`Pod ${statefulSet}-2 evict`])
  const waiting = rolling(pod(0, outdated), pod(1, outdated), pod(2, {}, {}))
  expect(waiting).toMatchObject({ replicas: 3, effects: [] })
  expect(waiting.told).toEqual([`RollingOut: replacing 2 of 3 pods; waiting for Pod ${statefulSet}-2 to be ready`])
  expect(rolling(pod(0, outdated), pod(1, outdated), pod(2)).effects).toEqual([`Pod ${statefulSet}-1 evict`])
  const { metadata, ...rest } = pod(0, outdated)
  const others = { ...rest, metadata: { ...metadata, name: 'somebody-s-7' } }
  expect(rolling(pod(0), pod(1, outdated), pod(2), others).effects).toEqual([`Pod ${statefulSet}-1 evict`])
  expect(rolling(pod(0, outdated, {}), pod(1, outdated), pod(2)).effects).toEqual([`Pod ${statefulSet}-0 delete`])
})

it('none that serves is taken down while a member of the datastore is missing', () => {
  const statefulSets = [liveSet(etcd, { status: { replicas: 1, readyReplicas: 0 } })]
  const rolling = passOver({ replicas: 2 }, set(2), { pods: [pod(0, outdated), pod(1, outdated)], statefulSets })
  expect(rolling.effects).toEqual([])
  expect(rolling.told).toEqual(['RollingOut: replacing 2 of 2 pods; waiting for the datastore to be ready'])
})

it('none that serves is taken down while nothing can be written, and no longer when nobody answers for that', () => {
  const controlPlaneOfBefore = controlPlane(
    { version, replicas: 2 },
    { etcd: { databaseSize: '100Mi', databaseQuota: '100Mi', alarms: ['NOSPACE'] } },
  )
  const own = { ...datastoreOf({}), mayWake: isDatastoreReady }
  const isWhole: typeof own.isWhole = seen => own.isWhole({ ...seen, spec: {} })
  const rolling = (more: Situation) =>
    passOver({ replicas: 2 }, set(2), {
      controlPlane: controlPlaneOfBefore,
      pods: [pod(0, outdated), pod(1, outdated)],
      datastore: { ...own, isWhole },
      ...more,
    })
  expect(rolling({}).told).toEqual([
    'RollingOut: replacing 2 of 2 pods; waiting for the alarm NOSPACE of the datastore to be taken back',
  ])
  expect(rolling({}).effects).toEqual([])
  const datastoreMembers = { answers: new Map(), databases: new Map() }
  expect(rolling({ datastoreMembers }).effects).toEqual([`Pod ${statefulSet}-1 evict`])
})

it("one that serves waits for its disruption budget, and one that does not is in nobody's way", () => {
  const budgets = [budget('kmc-prod', 0)]
  const rolling = passOver({ replicas: 2 }, set(2), { pods: [pod(0, outdated), pod(1, outdated)], budgets })
  expect(rolling.effects).toEqual([])
  const wait = 'waiting for PodDisruptionBudget kmc-prod to allow a disruption'
  expect(rolling.told).toEqual([`RollingOut: replacing 2 of 2 pods; ${wait}`])
  const broken = passOver({ replicas: 2 }, set(2), { pods: [pod(0, outdated), pod(1, outdated, {})], budgets })
  expect(broken.effects).toEqual([`Pod ${statefulSet}-1 delete`])
})

it('they elect until the last of the others is gone', () => {
  const shrinking = passOver({ replicas: 1 }, set(3), { pods: [pod(0), pod(1), pod(2)] })
  expect(shrinking).toMatchObject({ replicas: 1, elects: true, effects: [] })
  const leaving = passOver({ replicas: 1 }, set(1), { pods: [pod(0), pod(1)] })
  expect(leaving).toMatchObject({ replicas: 1, elects: true, effects: [] })
  expect(leaving.told).toEqual([`ScalingDown: 2 pods exist, 1 wanted; waiting for Pod ${statefulSet}-1 to be gone`])
  expect(passOver({ replicas: 1 }, set(1), { pods: [pod(0)] })).toMatchObject({ strategy: 'OnDelete', elects: false })
})

it('a single one that never gets ready makes room for one of the newest template, on any release of Kubernetes', () => {
  const live = set(1, 'RollingUpdate')
  expect(passOver({}, live, { pods: [pod(0, outdated, {})] }).effects).toEqual([`Pod ${statefulSet}-0 delete`])
  const unseen = { ...live, metadata: { ...live.metadata, generation: 2 } }
  expect(passOver({}, unseen, { pods: [pod(0, outdated, {})] }).effects).toEqual([])
})

it('one below the partition that somebody set is left alone: Kubernetes would make it as it was', () => {
  const live = set(1, 'RollingUpdate')
  const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 1 } }
  const kept = { ...live, spec: { ...live.spec, updateStrategy } as never }
  const wait = 'waiting for the partition in the update strategy of the StatefulSet, which keeps it, to be taken out'
  for (const status of [readyStatus, {}]) {
    const rolling = passOver({}, kept, { pods: [pod(0, outdated, status)] })
    expect(rolling.effects).toEqual([])
    expect(rolling.told).toContain(`RollingOut: replacing 1 of 1 pods; ${wait}`)
  }
})
