// What tools that restore objects leave of a worker config: it takes its Secrets back, and their bytes stay — shell
import { type KubeObject, k0sWorkerConfig, machines, type ResourceType } from '@k0smotron-ts/api'
import { type AuditEntry, isWrite } from '@k0smotron-ts/hack/testenv'
import { secrets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  joinTokenIn,
  keyIn,
  makeMachine,
  makeReadyCluster,
  messageOf,
  own,
  startBootstrap,
  startWorld,
  tokensOf,
  untilSaid,
  type World,
} from './world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
  await makeReadyCluster(world, 'prod')
})

afterAll(() => world[Symbol.asyncDispose]())

const key = (name: string) => keyIn(world, name)
const ours = ({ user }: AuditEntry) => user === 'system:serviceaccount:k0smotron:k0smotron-bootstrap'

/** Deletes the object and makes it again: name, labels and annotations, and what it is; no owner, finalizer or status. */
async function restore<T extends KubeObject>(type: ResourceType<T>, name: string): Promise<T> {
  const { client, until, untilGone } = world.management
  const { status: _, ...rest } = (await until(type, key(name), () => true)) as T & { readonly status?: unknown }
  await client.delete(type, key(name))
  await untilGone(type, key(name))
  const { labels, annotations } = rest.metadata
  const metadata = { ...key(name), ...(labels && { labels }), ...(annotations && { annotations }) }
  return client.create(type, { ...rest, metadata } as unknown as T)
}

/** A Machine that has its data; then the provider is off. */
async function ready(name: string): Promise<void> {
  await using _running = await startBootstrap(world)
  await makeMachine(world, { cluster: 'prod', name })
  await untilSaid(world, name, 'True Available')
  await world.management.quiet()
}

const secretsOf = (name: string) =>
  Promise.all([name, `${name}-join-token`].map(one => world.management.until(secrets, key(one), () => true)))

it('everything comes back', async () => {
  const name = 'used'
  await ready(name)
  const before = await secretsOf(name)
  const { token } = await joinTokenIn(world, name)
  await restore(k0sWorkerConfig, name)
  const machine = await restore(machines, name)
  for (const one of [name, `${name}-join-token`]) await restore(secrets, one)
  const used = { spec: { bootstrap: { dataSecretName: name } } }
  await world.management.client.patchMerge(machines, key(name), used)
  await own(world, machine)

  const running = await startBootstrap(world)
  const { metadata } = await untilSaid(world, name, 'True Available')
  await world.management.quiet()
  const after = await secretsOf(name)
  expect(after.map(({ data }) => data)).toEqual(before.map(({ data }) => data))
  const owners = after.map(one => one.metadata.ownerReferences?.map(({ uid, controller }) => [uid, controller]))
  expect(owners).toEqual([[[metadata.uid, true]], [[metadata.uid, true]]])
  expect(await tokensOf(world, name)).toEqual([token])

  await running.stop()
  const mark = await world.management.env.auditLog.mark()
  await using _again = await startBootstrap(world)
  await world.management.quiet()
  const requests = (await world.management.env.auditLog.since(mark)).filter(ours)
  expect(requests.filter(entry => isWrite(entry) || entry.verb === 'get')).toEqual([])
})

it('data that nobody was told to boot from is left alone; it is made anew with the token that it had', async () => {
  const name = 'unused'
  await ready(name)
  const { client } = world.management
  const { token } = await joinTokenIn(world, name)
  await restore(k0sWorkerConfig, name)
  await restore(secrets, `${name}-join-token`)
  const left = await restore(secrets, name)
  await own(world, await restore(machines, name))

  await using _running = await startBootstrap(world)
  const said = await untilSaid(world, name, 'False NotOurs')
  expect(messageOf(said)).toBe('Secret unused exists and nothing proves that it is ours; rename or delete it')
  expect(await client.get(secrets, key(name))).toEqual(left)
  await client.delete(secrets, key(name))
  await untilSaid(world, name, 'True Available')
  expect((await joinTokenIn(world, name)).token).toBe(token)
  expect(await tokensOf(world, name)).toEqual([token])
})

it('a token that somebody put there lets nobody in', async () => {
  const name = 'invented'
  const data = { 'token-id': encoded('aaaaaa'), 'token-secret': encoded('bbbbbbbbbbbbbbbb') }
  const labels = { 'cluster.x-k8s.io/cluster-name': 'prod', 'app.kubernetes.io/component': 'join-token' }
  const metadata = { ...key(`${name}-join-token`), labels }
  await world.management.client.create(secrets, { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata, data })
  await using _running = await startBootstrap(world)
  await makeMachine(world, { cluster: 'prod', name })
  await untilSaid(world, name, 'False NotOurs')
  expect(await tokensOf(world, name)).toEqual([])
})

const encoded = (text: string) => Buffer.from(text).toString('base64')
