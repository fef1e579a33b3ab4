import { describe, expect, it } from 'vitest'
import {
  type ControlPlaneSpec,
  certificates,
  etcdService,
  k0sPod,
  liveService,
  livingSet,
  observed,
  readyStatus,
  type Situation,
} from '../../testing/observed.ts'
import { renderWorkload } from './workload.ts'

const version = 'v1.36.3+k0s.1'
const running: Situation = {
  ...certificates,
  services: [liveService('ClusterIP'), etcdService],
  statefulSets: [livingSet()],
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
      'spec.version: "latest" is no k0s version',
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

  it('refuses a configuration that no ConfigMap holds before it is sent, and stores one that just fits', () => {
    const ofSize = (KiB: number): ControlPlaneSpec => ({
      version,
      k0sConfig: { metadata: { note: 'x'.repeat(KiB * 1024) } },
    })
    expect(first(ofSize(1024), running)).toMatchObject({
      status: 'False',
      reason: 'InvalidK0sConfig',
      message: 'spec.k0sConfig makes a configuration of 1026 KiB, and a ConfigMap holds at most 1024 KiB; shorten it',
    })
    expect(kindsOf(ofSize(1024), running)).toEqual(['PodDisruptionBudget'])
    expect(kindsOf(ofSize(1020), running)).toEqual(['PodDisruptionBudget', 'ConfigMap', 'StatefulSet'])
  })

  it('says so when it does not know the add-ons of a k0s version', () => {
    const rest = (runs: string) => ({
      pods: [k0sPod(readyStatus)],
      workloadAPI: { ready: true, message: '', version: runs },
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
      workloadAPI: { ready: true, message: '', version: 'v1.35.4+k0s' },
    }
    expect(first({ version }, rest)).toMatchObject({
      reason: 'VersionMismatch',
      message: expect.stringContaining('asks for Kubernetes v1.36.3, the image runs v1.35.4'),
    })
    expect(first({ version }, { ...rest, workloadAPI: { ...rest.workloadAPI, version: 'v1.36.3+k0s' } })).toMatchObject(
      {
        status: 'True',
      },
    )
  })
})
