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
