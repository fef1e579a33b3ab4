import {
  type JoinTokenRequest,
  joinTokenFinalizer,
  joinTokenRequest,
  k0smotronCluster,
  type ResourceType,
} from '@k0smotron-ts/api'
import { requeueAfter, type Shell, secrets } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import { reconcile } from './reconciler.ts'

const key = { namespace: 'n', name: 'r' }
const controller = { apiVersion: 'k0smotron.io/v1beta2', kind: 'Cluster', name: 'c', uid: 'u', controller: true }
const kubeconfig = { metadata: { namespace: 'n', name: 'c-kubeconfig', ownerReferences: [controller] } }
const cluster = { metadata: { namespace: 'n', name: 'c', uid: 'u' }, spec: {} }

it('one that is deleted while nobody can take its token back goes when the token has ended by itself', async () => {
  const request = {
    metadata: { ...key, uid: 'r', finalizers: [joinTokenFinalizer], deletionTimestamp: '2026-05-01T00:00:00Z' },
    spec: { clusterName: 'c' },
    status: { tokenID: 'abcdef', clusterUID: 'u', expiresAt: '2026-05-01T01:00:00Z' },
  } as unknown as JoinTokenRequest
  const get = (type: ResourceType, { name }: { readonly name: string }) => {
    if (type === secrets) return name === 'c-kubeconfig' ? kubeconfig : undefined
    return type === joinTokenRequest ? request : cluster
  }
  const shell = {
    now: () => new Date('2026-05-01T00:00:00Z'),
    read: { get, by: (type: ResourceType) => (type === k0smotronCluster ? [cluster] : []) },
    report: async () => {},
    event: () => {},
  } as unknown as Shell
  const open = () => ({ kind: 'unreachable', message: 'nobody answers' }) as const
  const ports = { workloads: { open, leave: () => {} }, ways: ['endpoint'] } as const
  expect(await reconcile(key, shell, ports)).toEqual(requeueAfter(3_600_000))
})

it('waits with its reason while the Cluster hibernates: to give a token out, and to take one back', async () => {
  const reasons: string[] = []
  const pass = async (request: object, asleep: boolean) => {
    const initialized = { type: 'Initialized', status: 'True', reason: 'Initialized', message: '' }
    const hibernated = { type: 'Available', status: 'False', reason: 'Hibernated', message: '' }
    const there = {
      ...cluster,
      status: {
        publishedEndpoint: { host: '10.0.0.1', port: 30443 },
        conditions: [initialized, ...(asleep ? [hibernated] : [])],
      },
    }
    const one = {
      metadata: { ...key, uid: 'r', finalizers: [joinTokenFinalizer], ownerReferences: [controller] },
      spec: { clusterName: 'c' },
      ...request,
    }
    const get = (type: ResourceType, { name }: { readonly name: string }) => {
      if (type === secrets) return name === 'r' ? undefined : kubeconfig
      return type === joinTokenRequest ? one : there
    }
    const shell = {
      now: () => new Date('2026-05-01T00:00:00Z'),
      read: { get, by: (type: ResourceType) => (type === k0smotronCluster ? [there] : []) },
      patch: async (_: unknown, object: object) => object,
      report: async (_: unknown, __: unknown, status: { conditions: readonly { reason: string }[] }) =>
        void reasons.push(...status.conditions.map(({ reason }) => reason)),
      event: (_: unknown, { type }: { readonly type: string }) => void reasons.push(type),
    } as unknown as Shell
    const open = () => ({ kind: 'unreachable', message: 'nobody answers' }) as const
    await reconcile(key, shell, { workloads: { open, leave: () => {} }, ways: ['endpoint'] })
    return reasons.splice(0)
  }
  const going = {
    metadata: { ...key, uid: 'r', finalizers: [joinTokenFinalizer], deletionTimestamp: '2026-05-01T00:00:00Z' },
    status: { tokenID: 'abcdef', clusterUID: 'u' },
  }
  expect(await pass({}, true)).toEqual(['Hibernated', 'Normal'])
  expect(await pass(going, true)).toEqual(['Hibernated', 'Normal'])
  expect(await pass({}, false)).toEqual(['APIServerUnreachable', 'Warning'])
})
