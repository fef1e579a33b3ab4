import { blockMoveAnnotation, namesOf } from '@k0smotron-ts/api'
import { NotOursError } from '@k0smotron-ts/runtime'
import { describe, expect, it } from 'vitest'
import { kubeconfigMetadata } from '../../hosted/facts/kubeconfig.ts'
import { isWorthProbing } from '../../hosted/facts/reachability.ts'
import { render, summarize } from '../../hosted/phases.ts'
import {
  type ControlPlaneSpec,
  certificates,
  cluster,
  controlPlane,
  etcdService,
  k0sPod,
  liveService,
  liveSet,
  readyStatus,
  type Situation,
  snapshot,
} from '../../testing/observed.ts'
import { blockedBy, isHeld } from './gate.ts'
import { newsOf } from './report.ts'
import { deletingStatus, heldStatus, settledStatus, waitingStatus } from './status.ts'

const version = 'v1.36.3+k0s.1'
const names = namesOf('prod')
const sets = [
  liveSet(names.statefulSet, { spec: { replicas: 1 } as never, status: { replicas: 1, updateRevision: 'new' } }),
  liveSet(names.etcd, { status: { replicas: 1, readyReplicas: 1 } }),
]
const running: Situation = {
  ...certificates,
  services: [liveService('ClusterIP'), etcdService],
  statefulSets: sets,
  pods: [k0sPod(readyStatus)],
  kubeconfig: { server: 'https://10.96.7.7:30443', certificateAuthority: 'certificate of ca' },
}
const withKubeconfig = {
  ...running,
  secrets: {
    ...certificates.secrets,
    kubeconfig: { apiVersion: 'v1', kind: 'Secret', metadata: kubeconfigMetadata(snapshot({}).hosted) },
  },
}

function statusOf(spec: ControlPlaneSpec, rest: Situation, applied: Parameters<typeof settledStatus>[2] = []) {
  const observed = snapshot(spec, rest)
  return settledStatus(observed, summarize(observed.hosted, render(observed.hosted)), applied)
}

const conditionOf = (status: ReturnType<typeof statusOf>, type: string) =>
  status.conditions.find(one => one.type === type)

describe('settledStatus', () => {
  it('of a first pass says what is waited for first, and every condition', () => {
    const status = statusOf({ version }, {})
    expect(status).toMatchObject({
      replicas: 0,
      readyReplicas: 0,
      availableReplicas: 0,
      upToDateReplicas: 0,
      initialization: { controlPlaneInitialized: false },
    })
    expect(status).not.toHaveProperty('version')
    expect(conditionOf(status, 'Available')).toMatchObject({
      status: 'False',
      reason: 'WaitingForService',
      message: 'waiting for the Service to get its ports',
    })
    expect(status.conditions.map(({ type }) => type).sort()).toEqual([
      'Available',
      'CertificatesAvailable',
      'ControlPlaneComponentsHealthy',
      'DatastoreAvailable',
      'Deleting',
      'EndpointAvailable',
      'Initialized',
      'KubeconfigAvailable',
      'Paused',
      'RollingOut',
      'ScalingDown',
      'ScalingUp',
    ])
  })

  it('publishes version and versions together with initialized, when the API server has answered', () => {
    const before = statusOf({ version }, withKubeconfig)
    expect(before).not.toHaveProperty('version')
    expect(conditionOf(before, 'Available')).toMatchObject({ status: 'False', reason: 'APIServerUnreachable' })
    const after = statusOf({ version }, { ...withKubeconfig, hostedAPI: { ready: true, message: '' } })
    expect(after).toMatchObject({
      initialization: { controlPlaneInitialized: true },
      externalManagedControlPlane: true,
      version,
      versions: [{ version, replicas: 1 }],
      replicas: 1,
      readyReplicas: 1,
      availableReplicas: 1,
      upToDateReplicas: 1,
      ports: { api: 30443, konnectivity: 30132, serviceType: 'ClusterIP' },
      certificatesExpireAt: '2027-01-01T00:00:00Z',
      selector: 'app=k0smotron,cluster=prod,component=cluster,cluster.x-k8s.io/control-plane=true',
    })
    expect(
      after.conditions
        .filter(({ status }) => status === 'True')
        .map(({ type }) => type)
        .sort(),
    ).toEqual([
      'Available',
      'CertificatesAvailable',
      'ControlPlaneComponentsHealthy',
      'DatastoreAvailable',
      'EndpointAvailable',
      'Initialized',
      'KubeconfigAvailable',
    ])
  })

  it('keeps initialized and the version when all pods are gone, and takes Available back', () => {
    const known = controlPlane({ version }, { version, initialization: { controlPlaneInitialized: true } })
    const status = statusOf({}, { ...withKubeconfig, controlPlane: known, pods: [] })
    expect(status).toMatchObject({ version, initialization: { controlPlaneInitialized: true }, readyReplicas: 0 })
    expect(status).not.toHaveProperty('versions')
    expect(conditionOf(status, 'Available')).toMatchObject({ status: 'False', reason: 'WaitingForPods' })
  })

  it('right after a start, before the API server was asked, takes nothing back', () => {
    const available = {
      type: 'Available',
      status: 'True',
      reason: 'Available',
      message: '',
      lastTransitionTime: 'then',
    } as const
    const live = {
      version,
      availableReplicas: 1,
      initialization: { controlPlaneInitialized: true },
      conditions: [available],
    }
    const status = statusOf({}, { ...withKubeconfig, controlPlane: controlPlane({ version }, live) })
    expect(conditionOf(status, 'Available')).toEqual({
      type: 'Available',
      status: 'True',
      reason: 'Available',
      message: '',
    })
    expect(status.availableReplicas).toBe(1)
  })

  it("says a refusal in the API server's own words, on the phase whose object it was", () => {
    const observed = snapshot({ version }, withKubeconfig)
    const outcomes = summarize(observed.hosted, render(observed.hosted))
    const service = outcomes[0]?.objects[0]
    if (!service) throw new Error('no Service')
    const applied = [{ object: service, result: 'refused' as const, error: new NotOursError(service) }]
    const status = settledStatus(observed, outcomes, applied)
    expect(conditionOf(status, 'EndpointAvailable')).toMatchObject({
      status: 'False',
      reason: 'NotOurs',
      message: expect.stringContaining('Service kmc-prod exists and belongs to K0smotronControlPlane prod-cp'),
    })
    expect(conditionOf(status, 'CertificatesAvailable')).toMatchObject({ status: 'True' })
  })
})

describe('isWorthProbing', () => {
  const secretsWith = (metadata: object) => ({
    secrets: {
      ...withKubeconfig.secrets,
      kubeconfig: {
        ...withKubeconfig.secrets.kubeconfig,
        metadata: { ...kubeconfigMetadata(snapshot({}).hosted), ...metadata },
      },
    },
  })
  it.each<[string, Situation, boolean]>([
    ['a ready pod and our kubeconfig', {}, true],
    ['no ready pod', { pods: [] }, false],
    ['a kubeconfig of someone else', secretsWith({ ownerReferences: [] }), false],
    ['a kubeconfig that leads elsewhere', { kubeconfig: { ...running.kubeconfig, server: 'https://evil' } }, false],
    ['a kubeconfig that cannot be used', { kubeconfig: { ...running.kubeconfig, fault: 'f' } }, false],
  ])('%s', (_, rest, expected) => {
    expect(isWorthProbing(snapshot({ version }, { ...withKubeconfig, ...rest }).hosted)).toBe(expected)
  })
})

describe('the gate', () => {
  const orphan = {
    ...controlPlane({ version }),
    metadata: { ...controlPlane({ version }).metadata, ownerReferences: [] },
  }
  const long = 'x'.repeat(44)
  it.each<[string, Situation, string, string]>([
    [
      'no owner',
      { controlPlane: orphan },
      'WaitingForOwner',
      'does spec.controlPlaneRef of a Cluster name this object?',
    ],
    [
      'an owner that is gone',
      { cluster: undefined as never },
      'WaitingForOwner',
      'Cluster prod, the owner, does not exist',
    ],
    [
      'a name too long for pods',
      { cluster: { ...cluster, metadata: { ...cluster.metadata, name: long } } },
      'ClusterNameTooLong',
      `has 44 characters; pods can be made up to 43`,
    ],
    [
      'another datastore',
      { controlPlane: controlPlane({ version, storage: { type: 'kine' } }) },
      'NotSupported',
      'spec.storage.type cannot be honoured yet',
    ],
    [
      'another hosting cluster',
      { controlPlane: controlPlane({ version, remoteHostCluster: { kubeconfigRef: { name: 'k', namespace: 'n' } } }) },
      'NotSupported',
      'spec.remoteHostCluster.kubeconfigRef',
    ],
    [
      "a Secret of the user's choice",
      { controlPlane: controlPlane({ version, certificateRefs: [{ type: 'ca', name: 'my-own' }] }) },
      'NotSupported',
      'spec.certificateRefs[ca].name',
    ],
  ])('stops at %s', (_, rest, reason, words) => {
    const observed = snapshot({ version }, rest)
    const blocked = blockedBy(observed)
    expect(blocked).toMatchObject({ reason, message: expect.stringContaining(words) })
    if (blocked)
      expect(waitingStatus(observed, blocked).conditions[0]).toMatchObject({
        type: 'Available',
        status: 'False',
        reason,
      })
  })

  it('keeps what runs alive, whatever cannot be honoured', () => {
    const spec: ControlPlaneSpec = { version, storage: { type: 'kine' } }
    expect(blockedBy(snapshot(spec, { statefulSets: sets }))).toBeUndefined()
    expect(conditionOf(statusOf(spec, { statefulSets: sets }), 'NotSupported')).toMatchObject({ status: 'True' })
  })

  it('lets through what k0smotron wrote into the spec, and what merely has no effect', () => {
    const refs = (['ca', 'sa', 'proxy', 'etcd', 'apiserver-etcd-client'] as const).map(type => ({
      type,
      name: `prod-${type}`,
    }))
    expect(blockedBy(snapshot({ version, certificateRefs: refs, monitoring: { enabled: true } }))).toBeUndefined()
  })

  it.each([
    ['the Cluster', { cluster: { ...cluster, spec: { paused: true } } }],
    [
      'the object',
      { controlPlane: { ...orphan, metadata: { ...orphan.metadata, annotations: { 'cluster.x-k8s.io/paused': '' } } } },
    ],
  ])('is held while %s is paused', (_, rest) => {
    expect(isHeld(snapshot({ version }, rest))).toBe(true)
    expect(isHeld(snapshot({ version }))).toBe(false)
  })
})

describe('statuses that decide nothing', () => {
  const live = {
    version,
    replicas: 1,
    initialization: { controlPlaneInitialized: true },
    conditions: [
      { type: 'Available', status: 'True', reason: 'Available', message: '', lastTransitionTime: 'then' },
      { type: 'Paused', status: 'False', reason: 'NotPaused', message: '', lastTransitionTime: 'then' },
    ],
  } as const
  const observed = snapshot({}, { controlPlane: controlPlane({ version }, live) })

  it('while paused: everything stays as it was', () => {
    const { conditions, ...rest } = heldStatus(observed)
    expect(rest).toEqual({ version, replicas: 1, initialization: { controlPlaneInitialized: true } })
    expect(conditions.map(({ type, status }) => [type, status])).toEqual([
      ['Paused', 'True'],
      ['Available', 'True'],
    ])
  })

  it('while a move is held: that pods and volumes stay', () => {
    const held = controlPlane({ version })
    const annotations = { [blockMoveAnnotation]: 'true' }
    const status = statusOf({}, { controlPlane: { ...held, metadata: { ...held.metadata, annotations } } })
    expect(conditionOf(status, 'Movable')).toMatchObject({ status: 'False', reason: 'PodsAndVolumesStay' })
  })

  it('while something blocks: what ran is not known any more', () => {
    expect(waitingStatus(observed, { reason: 'WaitingForOwner', message: 'm' }).conditions[0]).toMatchObject({
      status: 'Unknown',
    })
  })

  it('while being deleted: what is still there', () => {
    expect(deletingStatus(observed, 'm').conditions[0]).toMatchObject({
      type: 'Deleting',
      status: 'True',
      message: 'm',
    })
  })
})

describe('newsOf', () => {
  const draft = (status: 'True' | 'False', reason: string, message = '') => ({
    conditions: [{ type: 'X', status, reason, message }],
  })
  const before = [{ type: 'X', status: 'True' as const, reason: 'R', message: '', lastTransitionTime: '' }]
  it.each<[string, Parameters<typeof newsOf>[0], ReturnType<typeof draft>, object[]]>([
    ['nothing new', before, draft('True', 'R'), []],
    ['something absent from the start', undefined, draft('False', 'NotRollingOut'), []],
    [
      'a wait',
      undefined,
      draft('False', 'WaitingForPods', 'waiting'),
      [{ type: 'Normal', reason: 'WaitingForPods', message: 'waiting' }],
    ],
    [
      'bad input',
      undefined,
      draft('False', 'InvalidVersion', 'bad'),
      [{ type: 'Warning', reason: 'InvalidVersion', message: 'bad' }],
    ],
    [
      'something that works now',
      undefined,
      draft('True', 'R'),
      [{ type: 'Normal', reason: 'R', message: 'X is True' }],
    ],
    [
      'something lost',
      before,
      draft('False', 'PodsFailing', 'gone'),
      [{ type: 'Warning', reason: 'PodsFailing', message: 'gone' }],
    ],
  ])('tells %s', (_, known, status, notes) => {
    expect(newsOf(known, status)).toEqual(notes)
  })
})
