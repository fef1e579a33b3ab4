// What a control plane that hibernates is told to be, what it renders, and where it is not stopped — core
import { type K0smotronControlPlane, namesOf } from '@k0smotron-ts/api'
import type { StatefulSet } from '@k0smotron-ts/runtime'
import { describe, expect, it } from 'vitest'
import {
  type ControlPlaneSpec,
  certificates,
  controlPlane,
  etcdPod,
  etcdService,
  k0sPod,
  liveService,
  liveSet,
  observed,
  readyStatus,
  type Situation,
} from '../../testing/observed.ts'
import { unsupportedInSpec } from '../not-supported.ts'
import type { Observed } from '../observed.ts'
import { render } from '../phases.ts'
import { networkMark } from '../render/k0s/network-in-use.ts'
import { answeredOutcomes, settledConditions } from '../report/conditions.ts'
import { controlPlaneReport } from '../report/metrics.ts'
import { eventsFor } from '../report/news.ts'
import { withFacts } from './facts.ts'
import { wantedReplicas } from './members.ts'
import { scheduledAt } from './sleep.ts'

const version = 'v1.36.3+k0s.1'
const { etcd, statefulSet } = namesOf('prod')
const endpoint = { host: '10.96.7.7', port: 30443 }
const initialized = { initialization: { controlPlaneInitialized: true }, version, publishedEndpoint: endpoint }

function set(
  name: string,
  wanted: number,
  there = wanted,
  volumeClaimTemplates: readonly object[] = [{}],
): StatefulSet {
  const live = liveSet(name, {
    spec: { replicas: wanted, volumeClaimTemplates } as never,
    status: { replicas: there, readyReplicas: there, updateRevision: 'new', observedGeneration: 1 },
  })
  const annotations = name === statefulSet ? networkMark({}) : {}
  return { ...live, metadata: { ...live.metadata, annotations, generation: 1 } }
}

interface Stage {
  readonly k0s: StatefulSet
  readonly etcd: StatefulSet
  readonly pods?: Situation['pods']
  readonly spec?: ControlPlaneSpec
  readonly status?: K0smotronControlPlane['status']
}

function seenAt({ k0s, etcd: members, pods = [], spec = {}, status = initialized }: Stage): Observed {
  const asked = { version, replicas: 0, controlPlaneEndpoint: endpoint, ...spec }
  return observed(asked, {
    ...certificates,
    controlPlane: controlPlane(asked, status),
    services: [liveService('ClusterIP'), etcdService],
    statefulSets: [k0s, members],
    pods,
  })
}

function passOver(stage: Stage) {
  const seen = seenAt(stage)
  const outcomes = render(seen)
  const conditions = settledConditions(seen, answeredOutcomes(seen, outcomes, []), [])
  const replicas = (name: string) =>
    (
      outcomes
        .flatMap(({ objects }) => objects)
        .find(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === name) as StatefulSet | undefined
    )?.spec?.replicas
  const effects = outcomes.flatMap(outcome => outcome.effects ?? [])
  return {
    k0s: replicas(statefulSet),
    etcd: replicas(etcd),
    effects: effects.map(({ object, change }) =>
      typeof change === 'string' ? change : `${object.metadata.name} ${JSON.stringify(change.patch.operations.at(-1))}`,
    ),
    is: (type: string) => conditions.flatMap(one => (one.type === type ? `${one.status} ${one.reason}` : []))[0],
    said: (type: string) => conditions.find(one => one.type === type)?.message,
    conditions,
    seen,
  }
}

const k0sRuns = [k0sPod(readyStatus), etcdPod(0)]
const running: Stage = { k0s: set(statefulSet, 1), etcd: set(etcd, 1), pods: k0sRuns }
const ending: Stage = { k0s: set(statefulSet, 0, 1), etcd: set(etcd, 1), pods: k0sRuns }
const ended: Stage = { k0s: set(statefulSet, 0), etcd: set(etcd, 1), pods: [etcdPod(0)] }
const asleep: Stage = { k0s: set(statefulSet, 0), etcd: set(etcd, 0) }

describe('spec.replicas 0', () => {
  it('stops k0s first, then its datastore, and then asks for nothing more', () => {
    expect(passOver(running)).toMatchObject({ k0s: 0, etcd: 1, effects: [] })
    expect(passOver(ending)).toMatchObject({ k0s: undefined, etcd: 1, effects: [] })
    expect(passOver(ended)).toMatchObject({ k0s: undefined, etcd: 0, effects: [] })
    expect(passOver(asleep)).toMatchObject({ k0s: undefined, etcd: 0, effects: [] })
  })

  it('waits with the datastore until Kubernetes says that no pod of k0s is there', () => {
    const unseen = { ...ended.k0s, metadata: { ...ended.k0s.metadata, generation: 2 } }
    expect(passOver({ ...ended, k0s: unseen }).etcd).toBe(1)
    expect(passOver({ ...ended, k0s: set(statefulSet, 0, 1) }).etcd).toBe(1)
  })

  it('is told from the beginning, of all that has pods and of nothing else', () => {
    const told = passOver(running)
    expect(told.is('Available')).toBe('False Hibernated')
    expect(told.said('Available')).toContain('set spec.replicas to wake it')
    expect(told.is('ControlPlaneComponentsHealthy')).toBe('False Hibernated')
    expect(told.is('DatastoreAvailable')).toBe('True DatastoreAvailable')
    expect(told.said('ScalingDown')).toBe('1 pods exist, 0 wanted; waiting for Pod kmc-prod-0 to be gone')

    const down = passOver(asleep)
    expect(down.is('DatastoreAvailable')).toBe('False Hibernated')
    expect(down.is('Initialized')).toBe('True Initialized')
    for (const type of ['EndpointAvailable', 'CertificatesAvailable']) expect(down.is(type)).toBe(`True ${type}`)
    for (const type of ['RollingOut', 'ScalingUp', 'ScalingDown', 'CertificatesExpiring'])
      expect(down.is(type)).toMatch(/^False /)
    expect(down.is('NotSupported')).toBeUndefined()
  })

  it('is one piece of news, and no warning', () => {
    const available = {
      type: 'Available',
      status: 'True',
      reason: 'Available',
      message: '',
      lastTransitionTime: '',
    } as const
    const before = [available, { ...available, type: 'Initialized' }, { ...available, type: 'DatastoreAvailable' }]
    const news = eventsFor(before, passOver(asleep).conditions, { access: { secret: 'prod-kubeconfig' } })
    expect(news.map(({ type, reason }) => `${type} ${reason}`)).toEqual(['Normal Hibernated'])
  })

  it('is measured as it is: no pods are wanted, and why it does not answer', () => {
    const { conditions, seen } = passOver(asleep)
    const moment = { cluster: 'prod', now: seen.now, wantedReplicas: wantedReplicas(seen) }
    const { samples } = controlPlaneReport(controlPlane({}), { conditions, replicas: 0, readyReplicas: 0 }, moment)
    expect(samples).toContainEqual({ gauge: 'k0smotron_control_plane_unavailable', value: 1, label: 'Hibernated' })
    for (const name of ['replicas_wanted', 'rolling_out'])
      expect(samples).toContainEqual({ gauge: `k0smotron_control_plane_${name}`, value: 0 })
  })

  it('stops the pods also where the spec cannot be applied, and where certificates are missing', () => {
    const zero = (name: string) => `${name} {"op":"add","path":"/spec/replicas","value":0}`
    const invalid = { spec: { version: 'latest' } }
    expect(passOver({ ...running, ...invalid })).toMatchObject({ k0s: undefined, effects: [zero(statefulSet)] })
    expect(passOver({ ...asleep, ...invalid }).effects).toEqual([])
    const seen = { ...seenAt(ended), secrets: {} }
    expect(render(seen).flatMap(({ effects = [] }) => effects.map(({ object }) => object.metadata.name))).toEqual([
      etcd,
    ])
  })

  it('stops pods whose StatefulSet was taken away from them', () => {
    const { k0sSet: _, ...seen } = seenAt(running)
    const alone = { ...seen, statefulSets: seen.statefulSets.slice(1) }
    const sets = render(alone).flatMap(({ objects }) => objects.filter(({ kind }) => kind === 'StatefulSet'))
    expect(sets.map(one => `${one.metadata.name} ${(one as StatefulSet).spec?.replicas}`)).toContain(`${statefulSet} 0`)
  })

  it('takes back the order of a set with several pods, without which no 0 could be applied', () => {
    const several = set(statefulSet, 3)
    const rolling = { ...several, spec: { ...several.spec, updateStrategy: { type: 'RollingUpdate' } } as never }
    expect(passOver({ ...running, k0s: rolling }).effects).toEqual([
      `${statefulSet} {"op":"replace","path":"/spec/updateStrategy","value":{"type":"OnDelete"}}`,
    ])
  })

  it('makes nothing of k0s where nothing has run yet', () => {
    const none = { version, replicas: 0 }
    const objects = render(
      observed(none, { ...certificates, services: [liveService('ClusterIP'), etcdService] }),
    ).flatMap(one => one.objects)
    const sets = objects.flatMap(one => (one.kind === 'StatefulSet' ? (one as StatefulSet) : []))
    expect(sets.map(({ metadata, spec }) => `${metadata.name} ${spec?.replicas}`)).toEqual([`${etcd} 0`])
  })
})

describe('waking', () => {
  const spec = { replicas: 1 }

  it('starts the datastore, then k0s', () => {
    const woken = passOver({ ...asleep, spec })
    expect(woken).toMatchObject({ k0s: 0, etcd: 1 })
    expect(woken.is('Available')).not.toContain('Hibernated')
    expect(woken.is('ControlPlaneComponentsHealthy')).toBe('False WaitingForDatastore')
    expect(woken.said('ScalingUp')).toBe('0 of 1 pods exist; waiting for the datastore to be ready')
    expect(passOver({ ...ended, spec })).toMatchObject({ k0s: 1, etcd: 1 })
  })
})

describe('what is not stopped', () => {
  it('data that would end with the pods', () => {
    const kept = passOver({ ...running, k0s: set(statefulSet, 3), etcd: set(etcd, 1, 1, []) })
    expect(kept).toMatchObject({ k0s: 3, etcd: 1 })
    expect(kept.is('Available')).not.toContain('Hibernated')
    expect(kept.said('NotSupported')).toContain(
      'spec.replicas (0: StatefulSet kmc-prod-etcd has no volume claims: its data would end with its pods)',
    )
  })

  it('volumes that would end with the pods', () => {
    const members = set(etcd, 1)
    const deletes = { persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete' } }
    const kept = passOver({ ...running, etcd: { ...members, spec: { ...members.spec, ...deletes } as never } })
    expect(kept).toMatchObject({ k0s: 1, etcd: 1 })
    expect(kept.said('NotSupported')).toContain('spec.replicas (0: StatefulSet kmc-prod-etcd has persistentVolume')
  })

  it('what an earlier release ran with one replica, saying that spec.replicas has no effect', () => {
    const message = 'these fields have no effect yet: spec.replicas'
    const said = { type: 'NotSupported', status: 'True', reason: 'FieldsNotSupported', message, observedGeneration: 1 }
    const own = controlPlane({ version, replicas: 0 }, { conditions: [said] } as never)
    const metadata = { ...own.metadata, annotations: { 'k0smotron.io/datastore-formed': 'true' } }
    const seen = observed({ version, replicas: 0 }, { controlPlane: { ...own, metadata } })
    expect(wantedReplicas(seen)).toBe(1)
    expect(seen.hibernation).toBeUndefined()
  })
})

describe('by a schedule', () => {
  const asked = { spec: { replicas: 3 }, datastore: { maxReplicas: 7 } }

  it('what an earlier release said of replicas is said on, or they would have an effect when it wakes', () => {
    const memory = { replicasUnused: true, datastoreFormed: true } as const
    const told = unsupportedInSpec({ ...asked, memory, hibernation: { message: 'by its schedule' } })
    expect(told).toEqual([{ path: 'spec.replicas', blocks: false }])
  })

  it('replicas count when it wakes', () => {
    expect(unsupportedInSpec({ ...asked, hibernation: { message: 'by its schedule' } })).toEqual([])
  })

  it('where it must not be stopped, that is not said of replicas', () => {
    const hibernation = { message: 'by its schedule', refusal: 'no claims' }
    const told = unsupportedInSpec({ ...asked, spec: { replicas: 9 }, hibernation })
    expect(told).toEqual([{ path: 'spec.replicas', blocks: false }])
  })

  it.each([
    ['day', '2026-05-04T12:00:00Z'],
    ['night', '2026-05-04T22:00:00Z'],
  ])('that it must not be stopped is said by %s', (_, now) => {
    const sleep = { hibernate: '0 20 * * *', wake: '0 7 * * *' }
    const none = { ...running, etcd: set(etcd, 1, 1, []) }
    const said = (members: Stage) => {
      const spec = { replicas: 1 }
      const seen = seenAt({ ...members, spec })
      return withFacts({ ...seen, scheduled: scheduledAt(sleep, new Date(now)) }).unsupported.map(({ path }) => path)
    }
    expect(said(running)).toEqual([])
    expect(said(none)).toEqual([
      'metadata.annotations[k0smotron.io/hibernate] (StatefulSet kmc-prod-etcd has no volume claims: its data would end with its pods)',
    ])
  })
})
