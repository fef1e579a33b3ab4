// What is deleted under a control plane, or with it: nothing irreplaceable is made anew, and nothing is left — shell
import { clusters, type KubeObject, k0smotronControlPlane, type ResourceType } from '@k0smotron-ts/api'
import { type AuditEntry, install, isEvent, isWrite, type Management } from '@k0smotron-ts/hack/testenv'
import { pods, secrets, services, statefulSets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionOf, makeControlPlane, messageOf, namespace, startWorld } from './world.ts'

const version = 'v1.36.3+k0s.1'
const healthy = 'ControlPlaneComponentsHealthy'
let world: Management

beforeAll(async () => {
  world = await startWorld()
})

afterAll(() => world[Symbol.asyncDispose]())

const keyOf = (name: string) => ({ namespace, name })
const until = (name: string, type: string, condition: string) =>
  world.until(k0smotronControlPlane, keyOf(name), object => conditionOf(object, type) === condition)
const isOurs = (entry: AuditEntry) =>
  entry.user === 'system:serviceaccount:k0smotron:k0smotron-control-plane' && isWrite(entry) && !isEvent(entry)
const namespaces: ResourceType = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
}

it('an authority that is deleted while the control plane runs is waited for and never made anew', async () => {
  const name = 'bereft'
  await makeControlPlane(world, name, { version })
  await until(name, healthy, `True ${healthy}`)
  await world.quiet()
  const seen = async () => [
    (await world.client.get(statefulSets, keyOf('kmc-bereft')))?.metadata.generation,
    (await world.client.get(pods, keyOf('kmc-bereft-0')))?.metadata.uid,
  ]
  const before = await seen()
  const authority = await world.until(secrets, keyOf('bereft-ca'), () => true)
  await world.client.delete(secrets, keyOf('bereft-ca'))
  const told = await until(name, 'CertificatesAvailable', 'False AuthorityLost')
  expect(messageOf(told, 'CertificatesAvailable')).toMatch(/^Secret.* bereft-ca (is|are) gone/)
  await world.untilEvent(keyOf(name), 'Warning AuthorityLost')

  await world.quiet()
  const mark = await world.env.auditLog.mark()
  // wakes it once more: a pass at rest decides the same
  await world.client.patchMerge(k0smotronControlPlane, keyOf(name), { metadata: { annotations: { seen: 'again' } } })
  await world.quiet()
  expect((await world.env.auditLog.since(mark)).filter(isOurs)).toEqual([])
  expect(await world.client.get(secrets, keyOf('bereft-ca'))).toBeUndefined()

  const { labels = {} } = authority.metadata
  const { data = {}, type = '' } = authority
  const restored = { apiVersion: 'v1', kind: 'Secret', type, metadata: { ...keyOf('bereft-ca'), labels }, data }
  await world.client.create(secrets, restored)
  await until(name, 'CertificatesAvailable', 'True CertificatesAvailable')
  await until(name, healthy, `True ${healthy}`)
  expect(await seen()).toEqual(before)
})

it('a paused Cluster that is deleted takes nothing with it before it is unpaused, and then all', async () => {
  const name = 'asleep'
  await makeControlPlane(world, name, { version })
  await until(name, healthy, `True ${healthy}`)
  await world.client.patchMerge(clusters, keyOf(name), { spec: { paused: true } })
  await until(name, 'Paused', 'True Paused')
  await world.client.delete(k0smotronControlPlane, keyOf(name))
  const told = await until(name, 'Deleting', 'True Deleting')
  expect([conditionOf(told, 'Paused'), messageOf(told, 'Deleting')]).toEqual([
    'True Paused',
    'nothing is deleted while paused',
  ])
  await world.quiet()
  expect(await world.client.get(pods, keyOf('kmc-asleep-0'))).toBeDefined()

  await world.client.patchMerge(clusters, keyOf(name), { spec: { paused: false } })
  await world.untilGone(k0smotronControlPlane, keyOf(name))
  await world.untilGone(statefulSets, keyOf('kmc-asleep'))
  await world.untilGone(pods, keyOf('kmc-asleep-0'))
})

/** What is there when the namespace is deleted. */
const moments: readonly (readonly [string, ResourceType<never>, string])[] = [
  ['its Service', services as never, 'kmc-prod'],
  ['its authority', secrets as never, 'prod-ca'],
  ['its pods', pods as never, 'kmc-prod-etcd-0'],
]

it.each(moments)(
  'a namespace that is deleted when a control plane has %s goes with all in it',
  async (what, type, part) => {
    const where = what.replaceAll(' ', '-').toLowerCase()
    const metadata = { name: where }
    await install(world.client, [{ apiVersion: 'v1', kind: 'Namespace', metadata }])
    await makeControlPlane(world, 'prod', { version }, { where })
    await world.until(type as ResourceType<KubeObject>, { namespace: where, name: part }, () => true)
    await world.client.delete(namespaces, metadata)
    await world.untilGone(namespaces, metadata)
    await world.quiet()

    await makeControlPlane(world, where, { version })
    await until(where, healthy, `True ${healthy}`)
  },
)
