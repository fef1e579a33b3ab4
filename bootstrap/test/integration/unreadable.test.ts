// A kind that is not served or may not be read stops nothing else, and is found when it comes — shell
import { type KubeObject, k0sWorkerConfig, type MachinePool, machinePools, type ResourceType } from '@k0smotron-ts/api'
import { installClusterApiKinds, may } from '@k0smotron-ts/hack/testenv'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  conditionOf,
  keyIn,
  makeConfig,
  makeMachine,
  makeReadyCluster,
  messageOf,
  startBootstrap,
  startWorld,
  untilSaid,
  type World,
} from './world.ts'

const definitions: ResourceType = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
}
const pools = { name: 'machinepools.cluster.x-k8s.io' }

interface Role extends KubeObject {
  readonly rules: readonly { readonly resources?: readonly string[] }[]
}
const clusterRoles: ResourceType<Role> = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  namespaced: false,
}
const role = { name: 'k0smotron-bootstrap' }

let world: World

beforeAll(async () => {
  world = await startWorld()
  await makeReadyCluster(world, 'prod')
})
afterAll(() => world[Symbol.asyncDispose]())

/** As core leaves a config of a MachinePool; the pool itself may be gone. */
async function ownedByPool(name: string, uid: string): Promise<void> {
  const ownerReferences = [{ apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'MachinePool', name, uid, controller: true }]
  await world.management.client.patchMerge(k0sWorkerConfig, keyIn(world, name), { metadata: { ownerReferences } })
}

async function makePool(name: string): Promise<string> {
  const configRef = { apiGroup: 'bootstrap.cluster.x-k8s.io', kind: 'K0sWorkerConfig', name }
  const infrastructureRef = { apiGroup: 'infrastructure.cluster.x-k8s.io', kind: 'LabMachinePool', name }
  const spec = { clusterName: 'prod', version: 'v1.36.3', bootstrap: { configRef }, infrastructureRef }
  const pool = {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'MachinePool',
    metadata: { ...keyIn(world, name) },
    spec: { clusterName: 'prod', template: { spec } },
  }
  const { metadata } = await world.management.client.create(machinePools, pool as MachinePool)
  return metadata.uid ?? ''
}

it('without the CRD of MachinePool, Machines get their data; a pool’s config says what is missing, until it comes', async () => {
  const { client } = world.management
  await client.delete(definitions, pools)
  await world.management.untilGone(definitions, pools)
  await using _running = await startBootstrap(world)
  await makeMachine(world, { cluster: 'prod', name: 'one' })
  await untilSaid(world, 'one', 'True Available')

  await makeConfig(world, { cluster: 'prod', name: 'pool' })
  await ownedByPool('pool', '00000000-0000-4000-8000-000000000000')
  const waiting = await untilSaid(world, 'pool', 'False WaitingForKind')
  expect(messageOf(waiting)).toBe(
    'kind MachinePool (cluster.x-k8s.io/v1beta2) is not served: its CustomResourceDefinition is missing, or serves no such version',
  )

  await installClusterApiKinds(client)
  await ownedByPool('pool', await makePool('pool'))
  await untilSaid(world, 'pool', 'True Available')
})

it('the CRD goes and comes while the provider runs: nothing else stops, and what is known stays', async () => {
  const { client } = world.management
  await using _running = await startBootstrap(world)
  await makeConfig(world, { cluster: 'prod', name: 'early' })
  await ownedByPool('early', await makePool('early'))
  await untilSaid(world, 'early', 'True Available')

  await client.delete(definitions, pools)
  await world.management.untilGone(definitions, pools)
  await world.management.until(
    k0sWorkerConfig,
    keyIn(world, 'early'),
    config => conditionOf(config, 'Joinable') === 'Unknown WaitingForKind',
  )
  await makeMachine(world, { cluster: 'prod', name: 'two' })
  await untilSaid(world, 'two', 'True Available')
  await untilSaid(world, 'early', 'True Available')

  await installClusterApiKinds(client)
  await world.management.until(
    k0sWorkerConfig,
    keyIn(world, 'early'),
    config => conditionOf(config, 'Joinable') === 'absent',
  )
})

it('without the right to read MachinePools, Machines get their data; with the right given back, pools do too', async () => {
  const { client } = world.management
  const whole = await world.management.until(clusterRoles, role, () => true)
  const rules = whole.rules.map(({ resources, ...rule }) => ({
    ...rule,
    ...(resources && { resources: resources.filter(resource => !resource.startsWith('machinepools')) }),
  }))
  await client.patchMerge(clusterRoles, role, { rules: rules.filter(({ resources }) => resources?.length !== 0) })
  const { plural: resource, group } = machinePools
  await expect.poll(() => may(client, role.name, { verb: 'list', resource, group })).toBe(false)
  await using _running = await startBootstrap(world)
  await makeMachine(world, { cluster: 'prod', name: 'three' })
  await untilSaid(world, 'three', 'True Available')

  await makeConfig(world, { cluster: 'prod', name: 'powerless' })
  await ownedByPool('powerless', await makePool('powerless'))
  const waiting = await untilSaid(world, 'powerless', 'False WaitingForKind')
  expect(messageOf(waiting)).toContain('role lacks get, list and watch of machinepools.cluster.x-k8s.io')

  await client.patchMerge(clusterRoles, role, { rules: whole.rules })
  await untilSaid(world, 'powerless', 'True Available')
})
