import { clusters, type K0smotronControlPlane, k0smotronControlPlane, type ResourceType } from '@k0smotron-ts/api'
import type { Shell } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import { cluster, controlPlane, noMembers } from '../../testing/observed.ts'
import { reconcile } from './reconciler.ts'

const key = { namespace: 'team', name: 'prod-cp' }
const notAfter = new Date('2027-01-01T00:00:00Z')

/** What one pass of 1.5 seconds told metrics. */
async function toldAbout(object: K0smotronControlPlane | undefined) {
  const certificates: unknown[] = []
  const controlPlanes: unknown[] = []
  const clock = [10_000, 11_500]
  const paused = { ...cluster, spec: { paused: true } }
  const get = (type: ResourceType) => (type === k0smotronControlPlane ? object : type === clusters ? paused : undefined)
  const shell = {
    now: () => new Date('2026-05-01T00:00:00Z'),
    read: { get, by: () => [], unreadable: () => undefined, referenced: async () => undefined },
    report: async () => {},
    event: () => {},
  } as unknown as Shell
  await reconcile(key, shell, {
    askWorkloadAPI: () => undefined,
    stopAsking: () => {},
    readFacts: () => ({ certificates: { ca: { notAfter } } }),
    members: noMembers,
    namespace: 'k0smotron',
    infrastructure: { observe: async () => undefined, complete: async () => [], nextLook: () => undefined },
    certificateMetrics: (...one) => void certificates.push(one),
    controlPlaneMetrics: (...one) => void controlPlanes.push(one),
    elapsed: () => clock.shift() ?? 0,
  })
  return { certificates, controlPlanes }
}

const of = { ...key, kind: 'K0smotronControlPlane' }

it('every pass tells when the certificates expire, also while paused; none do when the object is gone', async () => {
  expect((await toldAbout(controlPlane({ version: 'v1.36.3+k0s.1' }))).certificates).toEqual([
    [of, { cluster: 'prod', ends: { ca: notAfter }, dues: {}, renewals: {} }],
  ])
  expect((await toldAbout(undefined)).certificates).toEqual([[of, undefined]])
})

it('every pass tells what the status says as numbers, and how long it took, until the object is gone', async () => {
  const { controlPlanes } = await toldAbout(controlPlane({ version: 'v1.36.3+k0s.1' }, { replicas: 2 }))
  const samples = expect.arrayContaining([
    { gauge: 'k0smotron_control_plane_replicas', value: 2 },
    { gauge: 'k0smotron_control_plane_reconcile_seconds', value: 1.5 },
  ])
  expect(controlPlanes).toEqual([[of, { cluster: 'prod', samples }]])
  expect((await toldAbout(undefined)).controlPlanes).toEqual([[of, undefined]])
})
