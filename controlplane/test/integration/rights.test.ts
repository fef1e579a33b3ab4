// Fewer rights: one namespace by a RoleBinding alone, and no right to infrastructure — shell
import { k0smotronControlPlane } from '@k0smotron-ts/api'
import {
  type AuditEntry,
  limitToNamespace,
  type Management,
  mayListSecrets,
  startManagement,
} from '@k0smotron-ts/hack/testenv'
import { statefulSets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionOf, makeControlPlane, messageOf, startControlPlane } from './world.ts'

const version = 'v1.36.3+k0s.1'
const account = 'k0smotron-control-plane'
const user = `system:serviceaccount:k0smotron:${account}`
const mine = 'team-a'
let world: Management

beforeAll(async () => {
  world = await startManagement({ kwok: true, clusterApiKinds: true })
  await world.env.addNode('node-1')
  await limitToNamespace(world.client, account, mine)
})
afterAll(() => world[Symbol.asyncDispose]())

const until = (name: string, type: string, condition: string) =>
  world.until(k0smotronControlPlane, { namespace: mine, name }, object => conditionOf(object, type) === condition)

it('is all that a control plane in that namespace needs, and what is missing is said', async () => {
  await expect.poll(() => mayListSecrets(world.client, account, mine)).toBe(true)
  await expect.poll(() => mayListSecrets(world.client, account)).toBe(false)
  await using _running = await startControlPlane(world, { namespace: mine })
  const mark = await world.env.auditLog.mark()
  const infrastructureRef = { apiGroup: 'infrastructure.cluster.x-k8s.io', kind: 'PlainCluster', name: 'plain' }
  const externalAddress = world.env.publishedAddress
  await makeControlPlane(world, 'small', { version, externalAddress }, { where: mine, cluster: { infrastructureRef } })
  const made = await until('small', 'ControlPlaneComponentsHealthy', 'True ControlPlaneComponentsHealthy')
  expect(conditionOf(made, 'InfrastructureProvisioned')).toBe('Unknown InfrastructureMayNotBeRead')
  expect(messageOf(made, 'InfrastructureProvisioned')).toBe(
    `this provider may not read PlainCluster plain: if that waits for an endpoint, set its spec.controlPlaneEndpoint to ${externalAddress}:30443; if it has the annotation cluster.x-k8s.io/managed-by: k0smotron, then set its status.initialization.provisioned or status.ready, whichever its contract has, to true: else no Machine starts`,
  )

  await makeControlPlane(world, 'port', { version, service: { type: 'NodePort' } }, { where: mine })
  const waiting = await until('port', 'EndpointAvailable', 'False WaitingForNodeAddress')
  expect(messageOf(waiting, 'EndpointAvailable')).toContain('this provider may not read nodes')

  await makeControlPlane(world, 'elsewhere', { version })
  await world.quiet()
  expect(await world.client.get(statefulSets, { namespace: 'default', name: 'kmc-elsewhere' })).toBeUndefined()
  const refused = (await world.env.auditLog.since(mark)).filter(isRefused)
  const resources = new Set(refused.map(({ resource }) => resource.split('.')[0]))
  expect(resources).toEqual(new Set(['customresourcedefinitions', 'nodes']))
})

function isRefused(entry: AuditEntry): boolean {
  return entry.user === user && entry.status === 403
}
