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

/** What becomes of the version, where a pod is ready with another one, or none is and one is remembered. */
function outcomeOf(version: string, { isReady = true, runs = running, applied = running } = {}) {
  const set = livingSet()
  const template = { metadata: { annotations: { 'k0smotron.io/k0s-version': applied } } }
  const member = liveSet(namesOf('prod').etcd, { status: { replicas: 1, readyReplicas: 1 } })
  const statefulSets = [{ ...set, spec: { ...set.spec, template } as never }, member]
  const initialized = { initialization: { controlPlaneInitialized: true }, version: running }
  const { conditions, objects } = renderWorkload(
    observed(
      { version },
      {
        ...certificates,
        controlPlane: controlPlane({ version }, initialized),
        services: [liveService('ClusterIP'), etcdService],
        statefulSets,
        pods: isReady ? [podOf(runs)] : [],
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
