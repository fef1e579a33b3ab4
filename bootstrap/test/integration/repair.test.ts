// What vanishes comes back as it was, and what has joined is left alone — shell
import { k0sWorkerConfig, machines } from '@k0smotron-ts/api'
import type { RunningProvider } from '@k0smotron-ts/hack/testenv'
import { type KubeSecret, nodes, secrets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  conditionOf,
  joinTokenIn,
  keyIn,
  makeMachine,
  makeReadyCluster,
  startBootstrap,
  startWorld,
  text,
  tokensOf,
  untilSaid,
  type World,
} from './world.ts'

let world: World
let running: RunningProvider

beforeAll(async () => {
  world = await startWorld()
  running = await startBootstrap(world)
  await makeReadyCluster(world, 'prod')
})

afterAll(async () => {
  await running.stop()
  await world[Symbol.asyncDispose]()
})

const key = (name: string) => keyIn(world, name)

async function readyMachine(name: string, spec: object = {}): Promise<string> {
  await makeMachine(world, { cluster: 'prod', name, spec })
  await untilSaid(world, name, 'True Available')
  return (await joinTokenIn(world, name)).token
}

const workloadKey = (token: string) => ({ namespace: 'kube-system', name: `bootstrap-token-${token.slice(0, 6)}` })
const expirationOf = ({ data }: KubeSecret): number => Date.parse(text(data?.expiration))

it('a token that vanished in the workload cluster comes back with the same values', async () => {
  const token = await readyMachine('vanished')
  const before = await world.untilHosted(secrets, workloadKey(token), live => live !== undefined)
  await world.hosted.delete(secrets, workloadKey(token))
  const after = await world.untilHosted(
    secrets,
    workloadKey(token),
    live => live !== undefined && live.metadata.uid !== before.metadata.uid,
  )
  expect({ ...after.data, expiration: '' }).toEqual({ ...before.data, expiration: '' })
  expect(await tokensOf(world, 'vanished')).toEqual([token])
})

it('a join token that was deleted here comes back with the token of the data, and is kept good', async () => {
  const token = await readyMachine('forgotten')
  await world.management.client.delete(secrets, key('forgotten-join-token'))
  const { data } = await world.management.until(secrets, key('forgotten-join-token'), () => true)
  expect(`${text(data?.['token-id'])}.${text(data?.['token-secret'])}`).toBe(token)

  await world.hosted.delete(secrets, workloadKey(token))
  await world.untilHosted(secrets, workloadKey(token), live => live !== undefined)
  expect(await tokensOf(world, 'forgotten')).toEqual([token])
})

it('Secrets that lost the label by which others find them get it back', async () => {
  await readyMachine('unlabelled')
  const label = 'cluster.x-k8s.io/cluster-name'
  for (const name of ['unlabelled', 'unlabelled-join-token']) {
    await world.management.client.patchMerge(secrets, key(name), { metadata: { labels: { [label]: null } } })
    await world.management.until(secrets, key(name), ({ metadata }) => metadata.labels?.[label] === 'prod')
  }
})

it('a Machine that is deleted before it joined leaves no token', async () => {
  const { client } = world.management
  const token = await readyMachine('given-up')
  await client.patchMerge(machines, key('given-up'), { metadata: { finalizers: ['test/infrastructure'] } })
  await client.delete(machines, key('given-up'))
  await world.untilHosted(secrets, workloadKey(token), live => live === undefined)
  await client.patchMerge(machines, key('given-up'), { metadata: { finalizers: null } })
})

it('a token that nears its end is extended while the Machine has no node', async () => {
  const token = await readyMachine('slow')
  const soon = new Date(Date.now() + 60_000)
  const expiration = Buffer.from(soon.toISOString()).toString('base64')
  await world.hosted.patchMerge(secrets, workloadKey(token), { data: { expiration } })
  await world.untilHosted(
    secrets,
    workloadKey(token),
    live => live !== undefined && expirationOf(live) > soon.getTime() + 3_600_000,
  )
})

it('an id that someone else has in the workload cluster is not used', async () => {
  const { client } = world.management
  await makeMachine(world, { cluster: 'prod', name: 'unlucky', spec: { version: 'not yet' } })
  const config = await untilSaid(world, 'unlucky', 'False InvalidSpec')
  const { uid = '' } = config.metadata
  const token = {
    'token-id': Buffer.from('taken0').toString('base64'),
    'token-secret': Buffer.from('0123456789abcdef').toString('base64'),
  }
  await world.hosted.create(secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'bootstrap.kubernetes.io/token',
    metadata: workloadKey('taken0'),
    data: token,
  })
  await client.create(secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'cluster.x-k8s.io/secret',
    metadata: {
      ...key('unlucky-join-token'),
      labels: { 'cluster.x-k8s.io/cluster-name': 'prod' },
      ownerReferences: [{ apiVersion: config.apiVersion, kind: config.kind, name: 'unlucky', uid, controller: true }],
    },
    data: token,
  })
  await client.patchMerge(k0sWorkerConfig, key('unlucky'), { spec: { version: null } })
  await untilSaid(world, 'unlucky', 'True Available')

  const { token: minted } = await joinTokenIn(world, 'unlucky')
  expect(minted.startsWith('taken0')).toBe(false)
  expect(await tokensOf(world, 'unlucky')).toEqual([minted])
})

it('data that vanished is made again with the same token; what was told to Cluster API stays told', async () => {
  const token = await readyMachine('emptied')
  const before = await world.management.until(secrets, key('emptied'), () => true)
  await world.management.client.delete(secrets, key('emptied'))
  const after = await world.management.until(
    secrets,
    key('emptied'),
    ({ metadata }) => metadata.uid !== before.metadata.uid,
  )
  expect(after.data).toEqual(before.data)
  expect((await joinTokenIn(world, 'emptied')).token).toBe(token)
  const config = await untilSaid(world, 'emptied', 'True Available')
  expect(config.status?.initialization?.dataSecretCreated).toBe(true)
})

it('a status that a move or a restore lost is rebuilt, the bytes stay the same', async () => {
  const { client } = world.management
  await readyMachine('moved')
  await client.patchMerge(machines, key('moved'), { spec: { bootstrap: { dataSecretName: 'moved' } } })
  const before = await world.management.until(secrets, key('moved'), () => true)
  await client.patchMerge(k0sWorkerConfig, key('moved'), { status: null }, { subresource: 'status' })
  await world.management.until(k0sWorkerConfig, key('moved'), config => conditionOf(config) === 'True Available')
  expect(await world.management.until(secrets, key('moved'), () => true)).toEqual(before)
})

it('later changes of the spec do not touch data that a machine may be booting from', async () => {
  await readyMachine('changed')
  const before = await world.management.until(secrets, key('changed'), () => true)
  await world.management.client.patchMerge(k0sWorkerConfig, key('changed'), { spec: { args: ['--debug'] } })
  await world.management.until(
    k0sWorkerConfig,
    key('changed'),
    ({ metadata, status }) => status?.observedGeneration === metadata.generation,
  )
  expect(await world.management.until(secrets, key('changed'), () => true)).toEqual(before)
})

const labelled = (name: string) => ({ name, labels: { 'k0smotron.io/machine-name': name } })

it('a node that has another provider ID is left alone, and told', async () => {
  await readyMachine('elsewhere')
  await world.hosted.create(nodes, {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: labelled('elsewhere'),
    spec: { providerID: 'cloud://7' },
  })
  await world.management.client.patchMerge(machines, key('elsewhere'), { spec: { providerID: 'lab://7' } })
  await world.management.untilEvent(key('elsewhere'), 'Warning ProviderIDMismatch')
  await world.management.until(
    k0sWorkerConfig,
    key('elsewhere'),
    config => conditionOf(config, 'Joinable') === 'False ProviderIDMismatch',
  )
  expect((await world.hosted.get(nodes, { name: 'elsewhere' }))?.spec?.providerID).toBe('cloud://7')
})

it('a node that only took the label of another Machine does not become its node', async () => {
  await readyMachine('victim')
  await world.management.client.patchMerge(machines, key('victim'), { spec: { providerID: 'lab://victim' } })
  const { labels } = labelled('victim')
  await world.hosted.create(nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'thief', labels } })
  await world.management.untilEvent(key('victim'), 'Warning NodeMismatch')
  await world.hosted.create(nodes, { apiVersion: 'v1', kind: 'Node', metadata: labelled('victim') })
  await world.untilHosted(nodes, { name: 'victim' }, node => node?.spec?.providerID === 'lab://victim')
  expect((await world.hosted.get(nodes, { name: 'thief' }))?.spec?.providerID).toBeUndefined()
  await world.management.until(k0sWorkerConfig, key('victim'), config => conditionOf(config, 'Joinable') === 'absent')
})
