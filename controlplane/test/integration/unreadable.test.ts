// A kind that may not be read stops what needs it and nothing else, and is read when the right comes — shell
import { type KubeObject, k0smotronControlPlane, type ResourceType } from '@k0smotron-ts/api'
import { type Management, may, startManagement } from '@k0smotron-ts/hack/testenv'
import { statefulSets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionOf, makeControlPlane, messageOf, namespace, startControlPlane } from './world.ts'

const version = 'v1.36.3+k0s.1'

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
const account = 'k0smotron-control-plane'
const roles = [{ name: account }, { name: `${account}-global` }]

let world: Management
let whole: readonly Role[]

beforeAll(async () => {
  world = await startManagement({ kwok: true, clusterApiKinds: true })
  await world.env.addNode('node-1')
  whole = await Promise.all(roles.map(role => world.until(clusterRoles, role, () => true)))
})
afterAll(() => world[Symbol.asyncDispose]())

/** Resolves when the API server acts on it: who still may list goes on watching. */
async function takeRight(resource: string, group = ''): Promise<void> {
  for (const role of whole) {
    const rules = role.rules.map(({ resources, ...rule }) => ({
      ...rule,
      ...(resources && { resources: resources.filter(one => one !== resource) }),
    }))
    await setRules(
      role,
      rules.filter(({ resources }) => resources?.length !== 0),
    )
  }
  await expect.poll(() => may(world.client, account, { verb: 'list', resource, group })).toBe(false)
}

const setRules = ({ metadata: { name = '' } }: Role, rules: Role['rules']) =>
  world.client.patchMerge(clusterRoles, { name }, { rules })
const giveRights = () => Promise.all(whole.map(role => setRules(role, role.rules)))
const keyOf = (name: string) => ({ namespace, name })
const until = (name: string, type: string, condition: string) =>
  world.until(k0smotronControlPlane, keyOf(name), object => conditionOf(object, type) === condition)

it('what a control plane cannot do without: it waits, says for what, and goes on by itself', async () => {
  await takeRight('statefulsets', 'apps')
  await using _running = await startControlPlane(world)
  await makeControlPlane(world, 'needs', { version })
  const waiting = await until('needs', 'Available', 'False WaitingForKind')
  expect(messageOf(waiting, 'Available')).toBe(
    "kind StatefulSet (apps/v1) may not be read: this provider's role lacks get, list and watch of statefulsets.apps",
  )
  expect(await world.client.get(statefulSets, keyOf('kmc-needs'))).toBeUndefined()

  await giveRights()
  await until('needs', 'ControlPlaneComponentsHealthy', 'True ControlPlaneComponentsHealthy')
})

it.each(['nodes', 'events'])('what it can do without (%s): it starts all the same', async resource => {
  await takeRight(resource)
  await using _running = await startControlPlane(world)
  await makeControlPlane(world, `no-${resource}`, { version })
  await until(`no-${resource}`, 'ControlPlaneComponentsHealthy', 'True ControlPlaneComponentsHealthy')
  await giveRights()
})

it('what it is made of and may not be read: what concerns it says so, and the rest starts', async () => {
  await takeRight('poddisruptionbudgets', 'policy')
  await using _running = await startControlPlane(world)
  await makeControlPlane(world, 'unprotected', { version, replicas: 3 })
  await world.until(statefulSets, keyOf('kmc-unprotected'), () => true)
  const refused = await world.until(k0smotronControlPlane, keyOf('unprotected'), ({ status }) =>
    Boolean(status?.conditions?.some(({ reason }) => reason === 'ApplyRefused')),
  )
  expect(JSON.stringify(refused.status?.conditions)).toContain('refused: PodDisruptionBudget (Forbidden)')

  await giveRights()
  await until('unprotected', 'ControlPlaneComponentsHealthy', 'True ControlPlaneComponentsHealthy')
})
