import { namesOf } from '@k0smotron-ts/api'
import type { Pod } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import {
  certificates,
  controlPlane,
  etcdService,
  k0sPod,
  liveService,
  liveSet,
  livingSet,
  observed,
  readyStatus,
} from '../../testing/observed.ts'
import { renderWorkload } from '../phases/workload.ts'

const running = 'v1.35.8+k0s.0'

function podOf(version: string): Pod {
  const pod = k0sPod(readyStatus)
  return { ...pod, metadata: { ...pod.metadata, annotations: { 'k0smotron.io/k0s-version': version } } }
}

interface Before {
  readonly isReady?: boolean
  readonly runs?: string
  readonly applied?: string
  /** Absent: the status was lost. */
  readonly told?: string | undefined
  /** Of a pod that is not ready. */
  readonly waits?: string
}

/** What becomes of the version, where a pod is ready with another one, or none is and one is remembered. */
function outcomeOf(version: string, before: Before = {}) {
  const { isReady = true, runs = running, applied = running, waits } = before
  const told = 'told' in before ? before.told : running

  const set = livingSet()
  const template = { metadata: { annotations: { 'k0smotron.io/k0s-version': applied } } }
  const member = liveSet(namesOf('prod').etcd, { status: { replicas: 1, readyReplicas: 1 } })
  const statefulSets = [{ ...set, spec: { ...set.spec, template } as never }, member]
  const initialized = {
    initialization: { controlPlaneInitialized: true },
    ...(told !== undefined && { version: told }),
  }
  const { conditions, objects } = renderWorkload(
    observed(
      { version },
      {
        ...certificates,
        controlPlane: controlPlane({ version }, initialized),
        services: [liveService('ClusterIP'), etcdService],
        statefulSets,
        pods: [...(isReady ? [podOf(runs)] : []), ...(waits === undefined ? [] : [{ ...podOf(waits), status: {} }])],
      },
    ),
  )
  const isRefused = conditions[0]?.reason === 'VersionRefused'
  const isRendered = objects.some(({ kind }) => kind === 'StatefulSet')
  expect(isRendered).toBe(!isRefused)
  return isRefused ? conditions[0]?.message : undefined
}

it.each([
  ['the next minor', 'v1.36.3+k0s.1'],
  ['a later patch', 'v1.35.9+k0s.0'],
  ['the same, spelled otherwise', 'v1.35.8-k0s.0'],
])('%s may follow: %s', (_, version) => {
  expect(outcomeOf(version)).toBeUndefined()
  expect(outcomeOf(version, { isReady: false })).toBeUndefined()
})

it.each([
  ['a minor is left out', 'v1.37.0+k0s.0', 'more than one minor version above v1.35.8+k0s.0'],
  ['it goes back', 'v1.35.7+k0s.0', 'is below v1.35.8+k0s.0'],
])('pods stay as they are where %s, also where no webhook refused it: %s', (_, version, message) => {
  expect(outcomeOf(version)).toContain(message)
  expect(outcomeOf(version, { isReady: false })).toContain(message)
})

it('what an earlier release has put into the StatefulSet is not taken out again', () => {
  expect(outcomeOf('v1.37.0+k0s.0', { applied: 'v1.37.0+k0s.0' })).toBeUndefined()
})

it('a version without a suffix is not a later build that runs, and is the first one', () => {
  expect(outcomeOf('v1.35.8', { runs: 'v1.35.8+k0s.1', applied: 'v1.35.8+k0s.1' })).toContain(
    'v1.35.8 is below v1.35.8+k0s.1, which runs',
  )
  expect(outcomeOf('v1.35.8', { runs: 'v1.35.8+k0s.0' })).toBeUndefined()
  expect(outcomeOf('v1.35.8', { runs: 'v1.35.8+k0s.0', applied: 'v1.35.8+k0s.1' })).toBeUndefined()
})

it('a version without a suffix is not a later build that ran, also while no pod is ready', () => {
  const later = { isReady: false, applied: 'v1.35.8+k0s.1' }
  expect(outcomeOf('v1.35.8', { ...later, told: 'v1.35.8+k0s.1' })).toContain('v1.35.8 is below v1.35.8+k0s.1')
  expect(outcomeOf('v1.35.8', { ...later, told: 'v1.35.8' })).toBeUndefined()
})

it('where the status was lost, and no pod is ready, what pods are made from tells what ran', () => {
  const lost = { isReady: false, told: undefined }
  expect(outcomeOf('v1.35.7+k0s.0', lost)).toContain('v1.35.7+k0s.0 is below v1.35.8+k0s.0')
  expect(outcomeOf('v1.37.0+k0s.0', lost)).toContain('more than one minor version above v1.35.8+k0s.0')
  expect(outcomeOf('v1.36.3+k0s.1', lost)).toBeUndefined()
  const inRoll = { ...lost, applied: 'v1.36.3+k0s.1', waits: running }
  expect(outcomeOf(running, inRoll)).toBeUndefined()
  expect(outcomeOf('v1.35.9+k0s.0', inRoll)).toContain('v1.35.9+k0s.0 is below v1.36.3+k0s.1')
})
