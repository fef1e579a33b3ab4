// Series of control planes of both kinds: they follow the status, and end with the object — shell
import { type K0smotronCluster, k0smotronCluster, k0smotronControlPlane } from '@k0smotron-ts/api'
import { type Management, startManagement } from '@k0smotron-ts/hack/testenv'
import { createMetrics } from '@k0smotron-ts/runtime/shell'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeControlPlane, namespace, startControlPlane } from './world.ts'

const version = 'v1.36.3+k0s.1'
let world: Management

beforeAll(async () => {
  world = await startManagement({ kwok: true, clusterApiKinds: true })
  await world.env.addNode('node-1')
})
afterAll(() => world[Symbol.asyncDispose]())

const keyOf = (name: string) => ({ namespace, name })

it('of both kinds there are as many as control planes, and none are left of one that is gone', async () => {
  const metrics = createMetrics()
  await using _ = await startControlPlane(world, { metrics })
  const shown = async (name: string, metric: string) => {
    const text = await metrics.registry.metrics()
    return text
      .split('\n')
      .filter(line => line.startsWith(`${metric}{`) && line.includes(`name="${name}"`))
      .map(line => line.slice(line.lastIndexOf(' ') + 1))
  }
  await makeControlPlane(world, 'measured', { version })
  const object = { apiVersion: 'k0smotron.io/v1beta2', kind: 'Cluster', metadata: keyOf('alone'), spec: { version } }
  await world.client.create(k0smotronCluster, object as unknown as K0smotronCluster)
  await world.until(k0smotronControlPlane, keyOf('measured'), ({ status }) => status?.readyReplicas === 1)
  await world.until(k0smotronCluster, keyOf('alone'), ({ status }) => status?.readyReplicas === 1)
  await world.quiet()
  for (const name of ['measured', 'alone']) {
    expect(await shown(name, 'k0smotron_control_plane_replicas_ready')).toEqual(['1'])
    expect(await shown(name, 'k0smotron_control_plane_datastore_available')).toEqual(['1'])
    expect(await shown(name, 'k0smotron_control_plane_available')).toEqual(['0'])
    expect(await shown(name, 'k0smotron_control_plane_unavailable')).toEqual(['1'])
  }
  await world.client.delete(k0smotronControlPlane, keyOf('measured'))
  await world.untilGone(k0smotronControlPlane, keyOf('measured'))
  await world.quiet()
  for (const metric of ['available', 'replicas_ready', 'deletion_timestamp_seconds', 'reconcile_seconds']) {
    expect(await shown('measured', `k0smotron_control_plane_${metric}`)).toEqual([])
  }
  expect(await shown('alone', 'k0smotron_control_plane_replicas_ready')).toEqual(['1'])
})
