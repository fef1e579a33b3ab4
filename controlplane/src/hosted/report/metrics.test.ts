import { namesOf } from '@k0smotron-ts/api'
import { expect, it } from 'vitest'
import { controlPlane } from '../../testing/observed.ts'
import { controlPlaneGauges, controlPlaneReport, type Measured, type MeasuredStatus } from './metrics.ts'

const now = new Date('2026-05-01T00:00:00Z')
const before = '2026-04-01T00:00:00Z'
const seconds = (text: string): number => Date.parse(text) / 1000

/** Without the prefix, as a table. */
function measured(object: Measured, reported?: MeasuredStatus, tookMs?: number): Readonly<Record<string, unknown>> {
  const moment = { cluster: 'prod', now, wantedReplicas: 3, ...(tookMs !== undefined && { tookMs }) }
  const { samples } = controlPlaneReport(object, reported, moment)
  return Object.fromEntries(
    samples.map(({ gauge, value, label }) => [
      gauge.replace('k0smotron_control_plane_', ''),
      label === undefined ? value : `${label} ${value}`,
    ]),
  )
}

const draft = (type: string, status: 'True' | 'False' | 'Unknown', reason: string = type) => ({
  type,
  status,
  reason,
  message: '',
})
const stored = (...conditions: readonly ReturnType<typeof draft>[]) => ({
  conditions: conditions.map(condition => ({ ...condition, lastTransitionTime: before })),
})

const good = [draft('Available', 'True'), draft('Initialized', 'True'), draft('DatastoreAvailable', 'True')]

it('one that answers', () => {
  const object = controlPlane({ version: 'v1.36.3+k0s.1', replicas: 3 }, stored(...good))
  const reported = { conditions: good, replicas: 3, readyReplicas: 3, upToDateReplicas: 3 }
  expect(measured(object, reported, 250)).toEqual({
    available: 1,
    available_changed_timestamp_seconds: seconds(before),
    initialized: 1,
    datastore_available: 1,
    rolling_out: 0,
    replicas_wanted: 3,
    replicas: 3,
    replicas_ready: 3,
    replicas_up_to_date: 3,
    reconcile_seconds: 0.25,
  })
})

it('one that has just ceased to answer says why, and that it was now', () => {
  const conditions = [draft('Available', 'False', 'PodsFailing'), draft('Initialized', 'True')]
  const all = measured(controlPlane({}, stored(...good)), { conditions })
  expect(all).not.toHaveProperty('available_unknown')
  expect(all).toMatchObject({
    available: 0,
    unavailable: 'PodsFailing 1',
    available_changed_timestamp_seconds: seconds(now.toISOString()),
    initialized: 1,
    datastore_available: 0,
  })
})

it('whether one is available that nobody can tell of, is no reason to sleep', () => {
  const conditions = [draft('Available', 'Unknown', 'RequestsFailing')]
  const object = controlPlane({}, stored(draft('Available', 'Unknown', 'RequestsFailing')))
  expect(measured(object, { conditions })).toMatchObject({
    available: 0,
    available_unknown: 1,
    unavailable: 'RequestsFailing 1',
    available_changed_timestamp_seconds: seconds(before),
  })
})

it.each(['RollingOut', 'ScalingUp', 'ScalingDown'])('%s is pods that change', type => {
  expect(measured(controlPlane({}), { conditions: [draft(type, 'True')] })).toMatchObject({ rolling_out: 1 })
})

it('a pass that has nothing to say leaves what is stored', () => {
  const status = { ...stored(...good), replicas: 1, readyReplicas: 1, upToDateReplicas: 0 }
  expect(measured(controlPlane({}, status))).toMatchObject({ available: 1, replicas_ready: 1, replicas_up_to_date: 0 })
})

it('a new one, and pods of which nobody knows whether they are up to date', () => {
  const all = measured(controlPlane({}, {}))
  expect(all).toMatchObject({ available: 0, initialized: 0, replicas: 0, replicas_ready: 0 })
  expect(all).not.toHaveProperty('replicas_up_to_date')
})

it('pods are wanted as many as come into effect, and how many those are a pass that failed does not know', () => {
  const object = controlPlane({ replicas: 3 })
  const wanted = (wantedReplicas?: number) => {
    const moment = { cluster: 'prod', now, ...(wantedReplicas !== undefined && { wantedReplicas }) }
    return controlPlaneReport(object, {}, moment).samples.filter(({ gauge }) => gauge.endsWith('replicas_wanted'))
  }
  expect(wanted(1)).toEqual([{ gauge: 'k0smotron_control_plane_replicas_wanted', value: 1 }])
  expect(wanted()).toEqual([])
})

it('a Cluster of k0smotron.io counts pods that are up to date by another name', () => {
  expect(measured(controlPlane({}), { updatedReplicas: 2 })).toMatchObject({ replicas_up_to_date: 2 })
})

const databases = new Map([
  [0, { size: 8, inUse: 4, quota: 100, alarms: ['NOSPACE'] as const }],
  [2, { size: 9, inUse: 5, quota: 200, alarms: [] }],
])

it('databases of members that were asked, by their ordinals', () => {
  const { samples } = controlPlaneReport(controlPlane({}), {}, { cluster: 'prod', now, databases })
  const sample = (name: string, value: number, label: string) => ({
    gauge: `k0smotron_control_plane_etcd_${name}`,
    value,
    label,
  })
  expect(samples.filter(({ gauge }) => gauge.includes('_etcd_'))).toEqual([
    sample('database_size_bytes', 8, '0'),
    sample('database_in_use_bytes', 4, '0'),
    sample('database_quota_bytes', 100, '0'),
    sample('database_size_bytes', 9, '2'),
    sample('database_in_use_bytes', 5, '2'),
    sample('database_quota_bytes', 200, '2'),
    sample('alarm', 1, 'NOSPACE'),
    sample('alarm', 0, 'CORRUPT'),
  ])
})

it('one that is going has only that left', () => {
  const { metadata, ...rest } = controlPlane({}, stored(...good))
  const going = { ...rest, metadata: { ...metadata, deletionTimestamp: before } }
  expect(measured(going, { conditions: good }, 100)).toEqual({
    deletion_timestamp_seconds: seconds(before),
    reconcile_seconds: 0.1,
  })
})

it('no gauge is declared twice, and none that no control plane has', () => {
  const names = controlPlaneGauges.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  const all = [
    controlPlaneReport(
      controlPlane({}, { upToDateReplicas: 1 }),
      { ...stored(draft('Available', 'Unknown')), upToDateReplicas: 1 },
      { cluster: 'c', now, tookMs: 1, wantedReplicas: 1, databases },
    ),
    controlPlaneReport(
      { ...controlPlane({}), metadata: { name: namesOf('c').etcd, deletionTimestamp: before } },
      undefined,
      { cluster: 'c', now },
    ),
  ].flatMap(({ samples }) => samples.map(({ gauge }) => gauge))
  expect(new Set(all)).toEqual(new Set(names))
})
