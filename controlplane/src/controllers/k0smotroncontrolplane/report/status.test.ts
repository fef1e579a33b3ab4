import { namesOf } from '@k0smotron-ts/api'
import { awaitChange, NotOursError } from '@k0smotron-ts/runtime'
import { describe, expect, it } from 'vitest'
import { kubeconfigMetadata } from '../../../hosted/facts/kubeconfig.ts'
import { render, summarize } from '../../../hosted/phases.ts'
import {
  type ControlPlaneSpec,
  certificates,
  cluster,
  controlPlane,
  etcdService,
  k0sPod,
  liveService,
  liveSet,
  livingSet,
  readyStatus,
  type Situation,
  snapshot,
} from '../../../testing/observed.ts'
import { type Pass, preparedStatus, settledStatus, statusOf as statusOfPass } from './status.ts'

const version = 'v1.36.3+k0s.1'
const names = namesOf('prod')
const sets = [livingSet(), liveSet(names.etcd, { status: { replicas: 1, readyReplicas: 1 } })]
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

/** What is said after a pass that came to this. */
function statusAfter(observed: Pass['observed'], verdict: Pass['verdict']) {
  const status = statusOfPass({ observed, verdict, applied: [], action: awaitChange })
  if (!status) throw new Error('nothing is said')
  return status
}

const conditionOf = (status: ReturnType<typeof statusOf>, type: string) =>
  status.conditions.find(one => one.type === type)

describe('Available names the cause', () => {
  it('which is a version that nobody can read, and not the load balancer that is waited for', () => {
    const services = [liveService('LoadBalancer'), etcdService]
    const status = statusOf({ version: 'newest', service: { type: 'LoadBalancer' } }, { ...certificates, services })
    expect(conditionOf(status, 'EndpointAvailable')).toMatchObject({ reason: 'WaitingForLoadBalancer' })
    expect(conditionOf(status, 'Available')).toMatchObject({
      status: 'False',
      reason: 'InvalidVersion',
      message: expect.stringContaining('"newest" is no k0s version'),
    })
  })
})

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
      'OIDCDocumentsAvailable',
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
    const after = statusOf({ version }, { ...withKubeconfig, workloadAPI: { ready: true, message: '' } })
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
      'OIDCDocumentsAvailable',
    ])
  })

  it('keeps initialized and the version when all pods are gone, and takes Available back', () => {
    const controlPlaneEndpoint = { host: '10.96.7.7', port: 30443 }
    const status = { version, initialization: { controlPlaneInitialized: true } }
    const known = controlPlane({ version, controlPlaneEndpoint }, status)
    const after = statusOf({}, { ...withKubeconfig, controlPlane: known, pods: [] })
    expect(after).toMatchObject({ version, initialization: { controlPlaneInitialized: true }, readyReplicas: 0 })
    expect(after).not.toHaveProperty('versions')
    expect(conditionOf(after, 'Available')).toMatchObject({ status: 'False', reason: 'WaitingForPods' })
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

  it('does not count pods as up to date while the spec is not applied', () => {
    const status = statusOf({ version: 'newest' }, withKubeconfig)
    expect(status).not.toHaveProperty('upToDateReplicas')
    expect(conditionOf(status, 'RollingOut')).toMatchObject({ status: 'Unknown', reason: 'SpecNotApplied' })
  })

  it('says a refusal on the phase whose object it was', () => {
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
    const { conditions, ...rest } = statusAfter(observed, { kind: 'paused', isGoing: false })
    expect(rest).toEqual({ version, replicas: 1, initialization: { controlPlaneInitialized: true } })
    expect(conditions.map(({ type, status }) => [type, status])).toEqual([
      ['Paused', 'True'],
      ['Available', 'True'],
    ])
  })

  it('while paused and deleted: that nothing is deleted', () => {
    const going = controlPlane({ version })
    const metadata = { ...going.metadata, deletionTimestamp: 'now' }
    const paused = snapshot({}, { controlPlane: { ...going, metadata } })
    const { conditions } = statusAfter(paused, { kind: 'paused', isGoing: true })
    expect(conditions).toContainEqual({
      type: 'Deleting',
      status: 'True',
      reason: 'Deleting',
      message: 'nothing is deleted while paused',
    })
  })

  it('of infrastructure that may not be read: all that somebody else has to set', () => {
    const infrastructureRef = { apiGroup: 'infrastructure.cluster.x-k8s.io', kind: 'LabCluster', name: 'lab' }
    const situation = {
      ...running,
      cluster: { ...cluster, spec: { infrastructureRef } },
      mayNotReadInfrastructure: true,
    }
    expect(conditionOf(statusOf({ version }, situation), 'InfrastructureProvisioned')).toMatchObject({
      status: 'Unknown',
      reason: 'InfrastructureMayNotBeRead',
      message:
        'this provider may not read LabCluster lab: if that waits for an endpoint, set its spec.controlPlaneEndpoint to 10.96.7.7:30443; if it has the annotation cluster.x-k8s.io/managed-by: k0smotron, then set its status.initialization.provisioned or status.ready, whichever its contract has, to true: else no Machine starts',
    })
  })

  it('while prepared for a move: that nothing is changed, paused or not', () => {
    const { conditions } = preparedStatus(observed, undefined)
    expect(conditions.map(({ type, status, reason }) => `${type} ${status} ${reason}`)).toEqual([
      'Movable True PreparedForMove',
      'Paused False NotPaused',
      'Available True Available',
    ])
    expect(conditions[0]?.message).not.toContain('database')
    const onDatabase = snapshot({ storage: { type: 'kine' } })
    expect(preparedStatus(onDatabase, undefined).conditions[0]?.message).toContain(
      'Secrets prod-ca, prod-sa and prod-proxy: clusterctl deletes them here, and pods that are replaced need them; StatefulSet kmc-prod goes on writing to the database',
    )
    const refused = preparedStatus(observed, { reason: 'ApplyRefused', message: 'refused: Secret (Forbidden)' })
    expect(refused.conditions[0]).toMatchObject({ type: 'Movable', status: 'False', reason: 'ApplyRefused' })
  })

  it('while something blocks: what ran is not known any more', () => {
    const wait = { reason: 'WaitingForOwner', message: 'm' }
    expect(statusAfter(observed, { kind: 'waiting', wait }).conditions[0]).toMatchObject({
      status: 'Unknown',
    })
  })

  it('while being deleted: what is still there', () => {
    expect(statusAfter(observed, { kind: 'deleting', message: 'm' }).conditions[0]).toMatchObject({
      type: 'Deleting',
      status: 'True',
      message: 'm',
    })
  })
})
