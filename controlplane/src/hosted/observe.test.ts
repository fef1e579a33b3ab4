// What is read of a control plane, and what follows from all of it — core
import {
  networkPolicies,
  podDisruptionBudgets,
  type Shell,
  type StatefulSet,
  statefulSets,
} from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import { hostedInput } from '../controllers/k0smotroncontrolplane/snapshot.ts'
import { cluster, controlPlane, liveSet, noMembers } from '../testing/observed.ts'
import { type HostedDeps, observeHosted } from './observe.ts'

type By = (type: unknown, index: string) => readonly unknown[]

/** It reads nothing but what `by` finds. */
const shellWith = (by: By): Shell =>
  ({
    now: () => new Date('2026-05-01T00:00:00Z'),
    read: { by, get: () => undefined, referenced: async () => undefined, unreadable: () => undefined },
  }) as unknown as Shell

/** Nobody is asked, and nothing is known of certificates. */
const deps: HostedDeps = {
  askWorkloadAPI: () => undefined,
  stopAsking: () => undefined,
  readFacts: () => ({ certificates: {} }),
  members: noMembers,
  namespace: 'k0smotron',
}

/** Of us, etcd and a policy that lets these in. */
const readsEtcd =
  (etcd: StatefulSet, from: readonly object[]): By =>
  (type, index) => {
    const policy = { metadata: { name: 'kmc-prod-etcd' }, spec: { ingress: [{ from }] } }
    if (index !== 'owner') return []
    return type === statefulSets ? [etcd] : type === networkPolicies ? [policy] : []
  }

it('an endpoint that the kubeconfig has counts, though its host is none that every client reads alike', async () => {
  const host = '10.0.0.300'
  const used = controlPlane(
    { controlPlaneEndpoint: { host, port: 6443 } },
    {
      initialization: { controlPlaneInitialized: true },
    },
  )
  const shell = shellWith(() => [])
  const seenWith = (server: string) =>
    observeHosted(hostedInput({ controlPlane: used }, undefined), shell, {
      ...deps,
      readFacts: () => ({ certificates: {}, kubeconfig: { server } }),
    })
  expect((await seenWith(`https://${host}:6443`)).exposure.endpoint).toEqual({ host, port: 6443 })
  expect((await seenWith('https://other.example:6443')).exposure.endpoint).toBeUndefined()
})

const members = { podSelector: { matchLabels: { component: 'etcd' } } }
const managers = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'k0smotron' } } }

it.each<[string, number, readonly object[], readonly string[]]>([
  ['one member', 1, [members, managers], ['ask']],
  ['one member, where an earlier release lets no manager in,', 1, [members], []],
  ['one of three that are to be', 3, [members], ['ask']],
])(
  '%s is asked, with %i replicas and a policy that lets %j in, as follows: %j',
  async (_, replicas, from, expected) => {
    const etcd = liveSet('kmc-prod-etcd', { spec: { replicas: 1 } as never, status: { replicas: 1, readyReplicas: 1 } })
    const shell = shellWith(readsEtcd(etcd, from))
    const asked: string[] = []
    const asking = { ...noMembers, ask: () => void asked.push('ask') }
    await observeHosted(hostedInput({ controlPlane: controlPlane({ replicas }), cluster }, undefined), shell, {
      ...deps,
      members: asking,
    })
    expect(asked).toEqual(expected)
  },
)

it.each<[string, number, readonly object[], boolean]>([
  ['may be asked', 1, [members, managers], true],
  ['lets no manager in: nobody would ever say another thing', 1, [members], false],
  ['sleeps', 0, [members, managers], true],
])('what was said of the room is remembered, or not, of a datastore that %s', async (_, replicas, from, isKept) => {
  const etcd = liveSet('kmc-prod-etcd', { spec: { replicas: 1, volumeClaimTemplates: [{}] } as never })
  const shell = shellWith(readsEtcd(etcd, from))
  const told = { etcd: { databaseSize: '95Mi', databaseQuota: '100Mi' } }
  const before = hostedInput({ controlPlane: controlPlane({ replicas }, told), cluster }, undefined)
  const { memory } = await observeHosted(before, shell, deps)
  expect(memory.etcd).toEqual(isKept ? told.etcd : undefined)
})

it.each<[string, string, NonNullable<StatefulSet['status']>, number]>([
  ['one of several pods is to be replaced', 'OnDelete', { replicas: 3, updatedReplicas: 2 }, 2],
  ['all pods are as they should be', 'OnDelete', { replicas: 3, updatedReplicas: 3 }, 0],
  ['Kubernetes replaces the pod', 'RollingUpdate', { replicas: 1, updatedReplicas: 0 }, 0],
])('budgets are read, or not, when %s', async (_, type, status, times) => {
  const set = liveSet('kmc-prod', { spec: { updateStrategy: { type } } as never, status })
  let reads = 0
  const by = (read: unknown, index: string) => {
    if (read === podDisruptionBudgets && index === 'selected') reads += 1
    return read === statefulSets && index === 'owner' ? [set] : []
  }
  const shell = shellWith(by)
  await observeHosted(hostedInput({ controlPlane: controlPlane({}), cluster }, undefined), shell, deps)
  expect(reads).toBe(times)
})
