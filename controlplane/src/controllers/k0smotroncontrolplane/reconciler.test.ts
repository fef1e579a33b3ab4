import { clusters, type K0smotronControlPlane, k0smotronControlPlane, type ResourceType } from '@k0smotron-ts/api'
import type { Shell } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import { cluster, controlPlane } from '../../testing/observed.ts'
import { reconcile } from './reconciler.ts'

const key = { namespace: 'team', name: 'prod-cp' }
const notAfter = new Date('2027-01-01T00:00:00Z')

/** What one pass told about certificates. */
async function toldAbout(object: K0smotronControlPlane | undefined): Promise<readonly unknown[]> {
  const told: unknown[] = []
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
    infrastructure: { observe: async () => undefined, complete: async () => [], nextLook: () => undefined },
    certificateMetrics: (...one) => void told.push(one),
  })
  return told
}

it('every pass tells when the certificates expire, also while paused; none do when the object is gone', async () => {
  const of = { ...key, kind: 'K0smotronControlPlane' }
  expect(await toldAbout(controlPlane({ version: 'v1.36.3+k0s.1' }))).toEqual([
    [of, { cluster: 'prod', ends: { ca: notAfter }, renewals: {} }],
  ])
  expect(await toldAbout(undefined)).toEqual([[of, undefined]])
})
