// A pass that ended before it reported anything — shell
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import type { EventNote, Shell } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import { snapshot } from '../../../testing/observed.ts'
import { reportFailure } from './failure.ts'

const key = { namespace: 'ns', name: 'cp' }
const failure = { reason: 'RequestsFailing', message: 'failing: GET /x', words: 'error 17' }
const { controlPlane } = snapshot({})
const initialized = { initialization: { controlPlaneInitialized: true }, version: 'v1.36.3+k0s.1' }
const labels = { 'cluster.x-k8s.io/cluster-name': 'prod' }

/** What is written of the control plane, and told. */
async function reported(object: object, cluster?: object, why = failure) {
  const written: object[] = []
  const events: EventNote[] = []
  const measured: unknown[] = []
  const known: Readonly<Record<string, object | undefined>> = {
    K0smotronControlPlane: { ...controlPlane, ...object },
    Cluster: cluster,
  }
  const shell = {
    now: () => new Date('2026-05-01T00:00:00Z'),
    read: { get: ({ kind }: ResourceType) => known[kind], unreadable: () => undefined },
    report: async (_: ResourceType, _object: KubeObject, status: object) => void written.push(status),
    event: (_: KubeObject, note: EventNote) => void events.push(note),
  } as unknown as Shell
  await reportFailure(key, shell, why, (about, report) => void measured.push({ about, report }))
  return { written, events, measured }
}

it.each([
  ['one that never answered', {}, 'False'],
  ['one that may well be up', initialized, 'Unknown'],
])('what is known stays, of %s', async (_, status, expected) => {
  const { message, reason } = failure
  const { written, events } = await reported({ status })
  expect(written).toEqual([{ ...status, conditions: [{ type: 'Available', status: expected, reason, message }] }])
  expect(events).toEqual([{ type: 'Warning', reason, message: 'error 17' }])
})

it("the server's words are told once, whatever they are the next time", async () => {
  const { reason, message } = failure
  const conditions = [{ type: 'Available', status: 'False', reason, message, lastTransitionTime: '' }]
  const { events } = await reported({ status: { conditions } }, undefined, { ...failure, words: 'error 18' })
  expect(events).toEqual([])
})

it.each([
  ['the object', { metadata: { ...controlPlane.metadata, annotations: { 'cluster.x-k8s.io/paused': '' } } }, {}],
  ['its Cluster', { metadata: { ...controlPlane.metadata, labels } }, { spec: { paused: true } }],
])('nothing is written while %s is paused', async (_, object, cluster) => {
  expect(await reported(object, cluster)).toEqual({ written: [], events: [], measured: [] })
})

it('metrics say so too, and keep what is known beside it', async () => {
  const conditions = [{ type: 'Available', status: 'True', reason: 'Available', message: '', lastTransitionTime: '' }]
  const { measured } = await reported({ status: { ...initialized, conditions, readyReplicas: 1 } })
  const sample = (name: string, value: number, label?: string) => ({
    gauge: `k0smotron_control_plane_${name}`,
    value,
    ...(label !== undefined && { label }),
  })
  const samples = expect.arrayContaining([
    sample('available', 0),
    sample('unavailable', 1, 'RequestsFailing'),
    sample('available_changed_timestamp_seconds', Date.parse('2026-05-01T00:00:00Z') / 1000),
    sample('replicas_ready', 1),
  ])
  const about = { namespace: 'team', name: 'prod-cp', kind: 'K0smotronControlPlane' }
  expect(measured).toEqual([{ about, report: { cluster: 'prod', samples } }])
})
