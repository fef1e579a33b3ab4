// When a LabCluster is provisioned — core
import type { Cluster } from '@k0smotron-ts/api'
import { expect, it } from 'vitest'
import type { LabCluster } from '../../kinds/lab-cluster.ts'
import { type StatusDraft, statusOf } from './status.ts'

const endpoint = { host: '10.0.0.1', port: 6443 }

function labCluster(spec: LabCluster['spec'], more: Partial<LabCluster> = {}): LabCluster {
  const owner = { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Cluster', name: 'c1', uid: 'u1' }
  return {
    apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2',
    kind: 'LabCluster',
    metadata: { name: 'c1', namespace: 'default', ownerReferences: [owner] },
    spec,
    ...more,
  }
}

function cluster(spec: Cluster['spec'] = {}, controlPlaneInitialized = false): Cluster {
  const status = { initialization: { controlPlaneInitialized } }
  return { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Cluster', metadata: { name: 'c1' }, spec, status }
}

const own = { controlPlaneEndpoint: endpoint }

function readyOf({ conditions }: StatusDraft): string {
  const ready = conditions.find(({ type }) => type === 'Ready')
  return `${ready?.status} ${ready?.reason}`
}

it.each([
  ['neither has an endpoint', {}, cluster(), 'False WaitingForEndpoint'],
  ['the Cluster has one', {}, cluster(own), 'True Provisioned'],
  [
    'the Cluster has half of one',
    {},
    cluster({ controlPlaneEndpoint: { host: '', port: 0 } }),
    'False WaitingForEndpoint',
  ],
  ['it brings its own', own, cluster(), 'True Provisioned'],
  ['only that of the Cluster counts', { ...own, waitFor: 'ClusterEndpoint' }, cluster(), 'False WaitingForEndpoint'],
  ['that of the Cluster is there', { waitFor: 'ClusterEndpoint' }, cluster(own), 'True Provisioned'],
  ['only the own one counts', { waitFor: 'OwnEndpoint' }, cluster(own), 'False WaitingForEndpoint'],
  ['the own one was filled', { ...own, waitFor: 'OwnEndpoint' }, cluster(), 'True Provisioned'],
  [
    'the control plane is waited for',
    { ...own, waitFor: 'ControlPlane' },
    cluster(own),
    'False WaitingForControlPlane',
  ],
  ['the control plane is there', { waitFor: 'ControlPlane' }, cluster({}, true), 'True Provisioned'],
  ['nothing is waited for', { waitFor: 'Nothing' }, cluster(), 'True Provisioned'],
  ['there is no Cluster', { waitFor: 'Nothing' }, undefined, 'False WaitingForCluster'],
] satisfies [string, LabCluster['spec'], Cluster | undefined, string][])('%s', (_, spec, owner, expected) => {
  const status = statusOf(labCluster(spec), owner)
  expect(readyOf(status)).toBe(expected)
  expect(status.initialization?.provisioned).toBe(expected.startsWith('True') ? true : undefined)
})

it('waits for an owner', () => {
  const { metadata, ...rest } = labCluster({ waitFor: 'Nothing' })
  const { ownerReferences: _, ...orphan } = metadata
  expect(readyOf(statusOf({ ...rest, metadata: orphan }, undefined))).toBe('False WaitingForOwner')
})

it('stays provisioned when the endpoint goes', () => {
  const before = labCluster({}, { status: { initialization: { provisioned: true } } })
  expect(statusOf(before, cluster())).toMatchObject({ initialization: { provisioned: true } })
  expect(readyOf(statusOf(before, cluster()))).toBe('True Provisioned')
})

it('changes nothing but the condition while paused', () => {
  const status = statusOf(labCluster(own), cluster({ paused: true }))
  expect(status).toEqual({ conditions: [expect.objectContaining({ type: 'Paused', status: 'True' })] })
})
