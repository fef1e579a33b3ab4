// Fewer rights: one namespace by a RoleBinding alone, and no right to infrastructure — shell
import { type KubeObject, k0smotronControlPlane, type ResourceType } from '@k0smotron-ts/api'
import { type AuditEntry, install, type Management, startManagement } from '@k0smotron-ts/hack/testenv'
import { statefulSets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionOf, makeControlPlane, messageOf, startControlPlane } from './world.ts'

const version = 'v1.36.3+k0s.1'
const account = 'k0smotron-control-plane'
const user = `system:serviceaccount:k0smotron:${account}`
const mine = 'team-a'
const apiGroup = 'rbac.authorization.k8s.io'
const bindings: ResourceType = {
  group: apiGroup,
  version: 'v1',
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  namespaced: false,
}
const accessReviews: ResourceType<KubeObject & { readonly status?: { readonly allowed: boolean } }> = {
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SubjectAccessReview',
  plural: 'subjectaccessreviews',
  namespaced: false,
}
let world: Management

/** As a user who applies the first file only, and binds its role in one namespace. */
beforeAll(async () => {
  world = await startManagement({ kwok: true, clusterApiKinds: true })
  await world.env.addNode('node-1')
  for (const name of [account, `${account}-global`, `${account}-infrastructure`])
    await world.client.delete(bindings, { name })
  const objects = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: mine } },
    {
      apiVersion: `${apiGroup}/v1`,
      kind: 'RoleBinding',
      metadata: { name: account, namespace: mine },
      roleRef: { apiGroup, kind: 'ClusterRole', name: account },
      subjects: [{ kind: 'ServiceAccount', name: account, namespace: 'k0smotron' }],
    },
  ]
  await install(world.client, objects)
})
afterAll(() => world[Symbol.asyncDispose]())

async function may(resourceAttributes: Readonly<Record<string, string>>): Promise<boolean | undefined> {
  const spec = { user, resourceAttributes }
  const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', metadata: {}, spec }
  return (await world.client.create(accessReviews, review)).status?.allowed
}

const until = (name: string, type: string, condition: string) =>
  world.until(k0smotronControlPlane, { namespace: mine, name }, object => conditionOf(object, type) === condition)

it('is all that a control plane in that namespace needs, and what is missing is said', async () => {
  await expect.poll(() => may({ verb: 'list', resource: 'nodes' })).toBe(false)
  await expect.poll(() => may({ verb: 'list', resource: 'pods', namespace: mine })).toBe(true)
  await using _running = await startControlPlane(world, { namespace: mine })
  const mark = await world.env.auditLog.mark()
  const infrastructureRef = { apiGroup: 'infrastructure.cluster.x-k8s.io', kind: 'PlainCluster', name: 'plain' }
  const externalAddress = world.env.publishedAddress
  await makeControlPlane(world, 'small', { version, externalAddress }, { where: mine, cluster: { infrastructureRef } })
  const made = await until('small', 'ControlPlaneComponentsHealthy', 'True ControlPlaneComponentsHealthy')
  expect(conditionOf(made, 'InfrastructureProvisioned')).toBe('Unknown InfrastructureMayNotBeRead')
  expect(messageOf(made, 'InfrastructureProvisioned')).toBe(
    `this provider may not read PlainCluster plain: if that waits for an endpoint, set its spec.controlPlaneEndpoint to ${externalAddress}:30443`,
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
