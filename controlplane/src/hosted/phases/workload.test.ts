import { namesOf } from '@k0smotron-ts/api'
import { describe, expect, it } from 'vitest'
import {
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
import { podTrouble } from '../facts/pods.ts'
import { runningVersions } from '../facts/running-versions.ts'
import { renderWorkload } from './workload.ts'

const version = 'v1.36.3+k0s.1'
const names = namesOf('prod')
const set = liveSet(names.statefulSet, {
  spec: { replicas: 1 } as never,
  status: { replicas: 1, updateRevision: 'new' },
})
const running: Situation = {
  ...certificates,
  services: [liveService('ClusterIP'), etcdService],
  statefulSets: [set],
}
const first = (spec: ControlPlaneSpec, rest: Situation) => renderWorkload(observed(spec, rest)).conditions[0]
const kindsOf = (spec: ControlPlaneSpec, rest: Situation) =>
  renderWorkload(observed(spec, rest)).objects.map(({ kind }) => kind)

describe('renderWorkload', () => {
  it.each<[string, ControlPlaneSpec, Situation, string, string]>([
    ['an empty version', {}, running, 'InvalidVersion', 'spec.version is empty; set a k0s version'],
    [
      'a version that is none',
      { version: 'latest' },
      running,
      'InvalidVersion',
      'spec.version "latest" is not a k0s version',
    ],
    [
      'a config of another kind',
      { version, k0sConfig: { kind: 'Pod' } },
      running,
      'InvalidK0sConfig',
      'spec.k0sConfig.kind is "Pod"',
    ],
    [
      'a config of another version',
      { version, k0sConfig: { apiVersion: 'v1' } },
      running,
      'InvalidK0sConfig',
      'spec.k0sConfig.apiVersion is "v1"',
    ],
    [
      'no endpoint',
      { version },
      { ...running, services: [] },
      'WaitingForEndpoint',
      'waiting for the control plane endpoint',
    ],
    [
      'no certificates',
      { version },
      { ...running, secrets: {} },
      'WaitingForCertificates',
      'waiting for the certificates',
    ],
  ])('waits for the spec or the parts: %s', (_, spec, rest, reason, message) => {
    expect(first(spec, rest)).toMatchObject({ status: 'False', reason, message: expect.stringContaining(message) })
    expect(kindsOf(spec, rest)).toEqual(['PodDisruptionBudget'])
  })

  it('renders configuration and set when all is known, and waits for the pod', () => {
    expect(kindsOf({ version }, running)).toEqual(['PodDisruptionBudget', 'ConfigMap', 'StatefulSet'])
    expect(first({ version }, running)).toMatchObject({ status: 'False', reason: 'WaitingForPods' })
  })

  it('says so when it does not know the add-ons of a k0s version', () => {
    const rest = (runs: string) => ({
      pods: [k0sPod(readyStatus)],
      hostedAPI: { ready: true, message: '', version: runs },
    })
    const condition = (wanted: string) => first({ version: wanted }, { ...running, ...rest(wanted) })
    expect(condition('v1.37.0+k0s.0')).toMatchObject({
      status: 'True',
      reason: 'ControlPlaneComponentsHealthy',
      message: expect.stringContaining('replacing a pod may delete and re-create CoreDNS'),
    })
    expect(condition('v1.36.3+k0s.1')).toMatchObject({ status: 'True', message: '' })
  })

  it('is healthy with a ready pod', () => {
    expect(first({ version }, { ...running, pods: [k0sPod(readyStatus)] })).toMatchObject({ status: 'True' })
  })

  it('says when the image runs another Kubernetes than its tag promises', () => {
    const rest = {
      ...running,
      pods: [k0sPod(readyStatus)],
      hostedAPI: { ready: true, message: '', version: 'v1.35.4+k0s' },
    }
    expect(first({ version }, rest)).toMatchObject({
      reason: 'VersionMismatch',
      message: expect.stringContaining('asks for Kubernetes v1.36.3, the image runs v1.35.4'),
    })
    expect(first({ version }, { ...rest, hostedAPI: { ...rest.hostedAPI, version: 'v1.36.3+k0s' } })).toMatchObject({
      status: 'True',
    })
  })
})

const troubleOf = (situation: Situation) => {
  const live = observed({}, situation)
  return podTrouble(live, live.k0sSet, live.k0sPods)
}

describe('podTrouble', () => {
  const waitingFor = (reason: string) => ({
    containerStatuses: [
      { name: 'controller', state: { waiting: { reason } }, lastState: { terminated: { exitCode: 2 } } },
    ],
  })
  it.each<[string, object, string | undefined]>([
    [
      'an image that cannot be pulled',
      waitingFor('ImagePullBackOff'),
      'container controller is in ImagePullBackOff, ended with exit code 2',
    ],
    ['a crash', waitingFor('CrashLoopBackOff'), 'container controller is in CrashLoopBackOff'],
    [
      'no room',
      { conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes are available' }] },
      '0/1 nodes are available',
    ],
    ['nothing but time', waitingFor('ContainerCreating'), undefined],
    ['a ready pod', readyStatus, undefined],
  ])('reads %s', (_, status, words) => {
    const trouble = troubleOf({ pods: [k0sPod(status as never)] })
    expect(trouble?.message).toEqual(words && expect.stringContaining(words))
  })

  const refusalOf = (message: string, rest: object = {}) => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {},
    involvedObject: { name: names.statefulSet, uid: set.metadata.uid ?? '' },
    message,
    ...rest,
  })

  it.each([
    ['pods "x" is forbidden: violates PodSecurity "restricted:latest"', 'PodSecurityRefused'],
    ['pods "x" is forbidden: exceeded quota: q', 'QuotaExceeded'],
    ['admission webhook said no', 'PodsFailing'],
  ])('reads a refusal: %s', (message, reason) => {
    const refused: Situation = { statefulSets: [set], refusedPods: [refusalOf(message)] }
    expect(troubleOf(refused)).toMatchObject({
      reason,
      message: expect.stringContaining(message),
    })
    expect(troubleOf({ ...refused, pods: [k0sPod(readyStatus)] })).toBeUndefined()
  })

  it('believes the latest refusal, and none about an earlier StatefulSet of the name', () => {
    const refusedPods = [
      refusalOf('exceeded quota: q', { lastTimestamp: '2026-05-01T00:00:02Z' }),
      refusalOf('violates PodSecurity', { lastTimestamp: '2026-05-01T00:00:01Z' }),
      refusalOf('of another', { involvedObject: { name: names.statefulSet, uid: 'before' } }),
    ]
    const trouble = troubleOf({ statefulSets: [set], refusedPods })
    expect(trouble).toMatchObject({ reason: 'QuotaExceeded' })
    const ofAnother = refusedPods.slice(2)
    expect(troubleOf({ statefulSets: [set], refusedPods: ofAnother })).toBeUndefined()
  })
})

describe('runningVersions', () => {
  const pod = (k0sVersion: string | undefined, image = 'k0s:v1.30.0-k0s.0') => {
    const base = k0sPod(readyStatus)
    const annotations = k0sVersion === undefined ? {} : { 'k0smotron.io/k0s-version': k0sVersion }
    return {
      ...base,
      metadata: { ...base.metadata, annotations },
      spec: { containers: [{ name: 'controller', image }] },
    }
  }

  it('are counted oldest first, spelled like the spec', () => {
    const pods = [pod('v1.36.3+k0s.10'), pod('v1.36.3+k0s.9'), pod('v1.36.3+k0s.10')]
    expect(runningVersions(observed({ version: 'v1.36.3-k0s.10' }, { pods }))).toEqual([
      { version: 'v1.36.3-k0s.9', replicas: 1 },
      { version: 'v1.36.3-k0s.10', replicas: 2 },
    ])
    expect(runningVersions(observed({ version: 'v1.36.3' }, { pods }))).toEqual([{ version: 'v1.36.3', replicas: 3 }])
  })

  it('come from the image tag for pods that k0smotron made', () => {
    expect(runningVersions(observed({ version }, { pods: [pod(undefined)] }))).toEqual([
      { version: 'v1.30.0+k0s.0', replicas: 1 },
    ])
    expect(runningVersions(observed({ version }, { pods: [pod(undefined, 'k0s@sha256:aa')] }))).toEqual([])
  })

  it('count only ready pods', () => {
    expect(
      runningVersions(observed({ version }, { pods: [k0sPod({})], controlPlane: controlPlane({ version }) })),
    ).toEqual([])
  })
})
