// What the cache keeps of objects that are read in part — core
import type { KubeSecret, Node, Pod } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import { projectNode, projectPod, projectSecret } from './cache-projection.ts'

const metadata = { name: 'prod-ca', namespace: 'ns', uid: 'u', resourceVersion: '7', managedFields: [{}] }
const secret = (name: string): KubeSecret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { ...metadata, name, labels: { 'cluster.x-k8s.io/cluster-name': 'prod' } },
  data: { value: 'c2VjcmV0' },
})

it.each([
  ['prod-ca', true],
  ['prod-kubeconfig', true],
  ['m1', false], // bootstrap data
  ['prod-oidc', false], // ours of that name is no Secret
  ['other-ca', false],
])('of Secret %s of cluster prod the data is kept: %s', (name, isKept) => {
  const projected = projectSecret(secret(name))
  expect(projected.data !== undefined).toBe(isKept)
  expect(projected.metadata).not.toHaveProperty('managedFields')
})

it('of a configuration of k0s the data is kept', () => {
  const config = secret('prod-config-1')
  const labelled = {
    ...config,
    metadata: { ...config.metadata, labels: { ...config.metadata.labels, 'k0smotron.io/config': '1' } },
  }
  expect(projectSecret(labelled).data).toEqual(config.data)
})

it('of a pod: who it is, whether it is ready, and the image of its first container', () => {
  const conditions = [{ type: 'Ready', status: 'True' }]
  const containers = [{ name: 'controller', image: 'k0s:v1', env: [{ name: 'A', value: 'secret' }] }]
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: { containers },
    status: { conditions, podIP: '10.1.1.1' },
  }
  expect(projectPod(pod as unknown as Pod)).toEqual({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'prod-ca', namespace: 'ns', uid: 'u', resourceVersion: '7' },
    spec: { containers: [{ name: 'first', image: 'k0s:v1' }] },
    status: { conditions },
  })
})

it('of a node: its addresses and whether it is ready, so that a heartbeat changes nothing', () => {
  const node = (lastHeartbeatTime: string) =>
    projectNode({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { ...metadata, annotations: { large: 'x'.repeat(1_000) } },
      status: {
        addresses: [{ type: 'InternalIP', address: '10.1.1.1' }],
        conditions: [
          { type: 'MemoryPressure', status: 'False', lastHeartbeatTime },
          { type: 'Ready', status: 'True', lastHeartbeatTime },
        ],
      },
    } as unknown as Node)
  expect(node('1')).toEqual(node('2'))
  expect(node('1')).toEqual({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'prod-ca', uid: 'u', resourceVersion: '7' },
    status: {
      addresses: [{ type: 'InternalIP', address: '10.1.1.1' }],
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  })
})
