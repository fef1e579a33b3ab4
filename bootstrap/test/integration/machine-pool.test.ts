// A MachinePool: one piece of data for all its machines, and a token that stays good — shell
import { k0sWorkerConfig, type MachinePool, machinePools } from '@k0smotron-ts/api'
import { secrets } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import {
  filesOf,
  joinTokenIn,
  keyIn,
  makeConfig,
  makeReadyCluster,
  startBootstrap,
  startWorld,
  tokensOf,
  untilSaid,
} from './world.ts'

it('its machines share data without a name, and the token comes back for those that are still to come', async () => {
  await using world = await startWorld()
  const { client } = world.management
  await makeReadyCluster(world, 'prod')
  await using _running = await startBootstrap(world)
  await makeConfig(world, { cluster: 'prod', name: 'pool', spec: { args: ['--debug'] } })
  const configRef = { apiGroup: 'bootstrap.cluster.x-k8s.io', kind: 'K0sWorkerConfig', name: 'pool' }
  const infrastructureRef = { apiGroup: 'infrastructure.cluster.x-k8s.io', kind: 'LabMachinePool', name: 'pool' }
  const spec = { clusterName: 'prod', version: 'v1.36.3', bootstrap: { configRef }, infrastructureRef }
  const pool = await client.create(machinePools, {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'MachinePool',
    metadata: { ...keyIn(world, 'pool') },
    spec: { clusterName: 'prod', template: { spec } },
  } as MachinePool)
  const { apiVersion, kind, metadata } = pool
  const ownerReferences = [{ apiVersion, kind, name: 'pool', uid: metadata.uid, controller: true }]
  await client.patchMerge(k0sWorkerConfig, keyIn(world, 'pool'), { metadata: { ownerReferences } })
  await untilSaid(world, 'pool', 'True Available')

  const script = (await filesOf(world, 'pool')).get('/etc/k0s-bootstrap.sh')
  expect(script).toContain("install worker --force '--token-file' '/etc/k0s.token' '--debug'\n")
  const { token } = await joinTokenIn(world, 'pool')
  const key = { namespace: 'kube-system', name: `bootstrap-token-${token.slice(0, 6)}` }
  const before = await world.untilHosted(secrets, key, live => live !== undefined)
  await world.hosted.delete(secrets, key)
  await world.untilHosted(secrets, key, live => live !== undefined && live.metadata.uid !== before.metadata.uid)
  expect(await tokensOf(world, 'pool')).toEqual([token])
})
