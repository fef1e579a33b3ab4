// Which machines a pool has, wants and gives back — core
import { expect, it } from 'vitest'
import type { LabMachinePool } from '../../kinds/lab-machine-pool.ts'
import { blockedBy, dataOf, knownMembers, wantedMembers, without } from './members.ts'
import type { Observed } from './observe.ts'

const owner = { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'MachinePool', name: 'p', uid: 'u1', controller: true }

function labPool(...ids: readonly string[]): LabMachinePool {
  return {
    apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2',
    kind: 'LabMachinePool',
    metadata: { name: 'p', namespace: 'ns', ownerReferences: [owner] },
    spec: { providerIDList: ids },
  }
}

function observed(replicas: number | undefined, ...ids: readonly string[]): Observed {
  const spec = { clusterName: 'c1', template: { spec: { clusterName: 'c1', bootstrap: { dataSecretName: 'p' } } } }
  return {
    labPool: labPool(...ids),
    machinePool: {
      apiVersion: 'cluster.x-k8s.io/v1beta2',
      kind: 'MachinePool',
      metadata: { name: 'p' },
      spec: { ...spec, ...(replicas !== undefined && { replicas }) },
    },
    cluster: {
      apiVersion: 'cluster.x-k8s.io/v1beta2',
      kind: 'Cluster',
      metadata: { name: 'c1' },
      status: { initialization: { infrastructureProvisioned: true } },
    },
  }
}

const ids = (members: readonly { readonly providerID: string }[]) => members.map(({ providerID }) => providerID)

it('wants as many as the owner says, one if it says nothing', () => {
  expect(ids(wantedMembers(observed(2)))).toEqual(['lab://ns/p/0', 'lab://ns/p/1'])
  expect(ids(wantedMembers(observed(0)))).toEqual([])
  expect(ids(wantedMembers(observed(undefined)))).toEqual(['lab://ns/p/0'])
})

it('gives back the last ones', () => {
  const shrunk = observed(1, 'lab://ns/p/0', 'lab://ns/p/1', 'lab://ns/p/2')
  expect(ids(without(knownMembers(shrunk.labPool), wantedMembers(shrunk)))).toEqual(['lab://ns/p/1', 'lab://ns/p/2'])
  expect(ids(without(wantedMembers(shrunk), knownMembers(shrunk.labPool)))).toEqual([])
})

it('waits for owner, Cluster, infrastructure and data', () => {
  const { machinePool: _, ...orphan } = observed(1)
  const { cluster, ...homeless } = observed(1)
  expect(blockedBy(orphan)).toMatchObject({ reason: 'WaitingForOwner' })
  expect(blockedBy(homeless)).toMatchObject({ reason: 'WaitingForCluster' })
  const raw = { apiVersion: '', kind: '', metadata: {}, ...cluster, status: {} }
  expect(blockedBy({ ...observed(1), cluster: raw })).toMatchObject({ reason: 'WaitingForClusterInfrastructure' })
  expect(blockedBy(observed(1))).toBeUndefined()
  expect(dataOf(observed(1))).toMatchObject({ wait: { reason: 'WaitingForBootstrapData' } })
})
