// The process dies at its n-th write, once refused and once with the reply lost: the next one ends in the same state — shell
import { type K0sWorkerConfig, type KubeObject, k0sWorkerConfig, machines } from '@k0smotron-ts/api'
import { type FaultKind, faultAt, install, type Pictured, pictureOf } from '@k0smotron-ts/hack/testenv'
import { type KubeSecret, nodes, secrets } from '@k0smotron-ts/runtime'
import { undiciTransport } from '@k0smotron-ts/runtime/shell'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  conditionOf,
  createMachine,
  joinTokenIn,
  keyIn,
  makeConfig,
  makeReadyCluster,
  own,
  secretOf,
  startBootstrap,
  startWorld,
  text,
  tokensOf,
  type World,
} from './world.ts'

let base: World

beforeAll(async () => {
  base = await startWorld()
  const theirs = secretOf(takenToken.name, { namespace: takenToken.namespace, cluster: 'x' }, values)
  await base.hosted.create(secrets, { ...theirs, type: 'bootstrap.kubernetes.io/token', metadata: takenToken })
})

afterAll(() => base[Symbol.asyncDispose]())

const kinds: readonly Pictured[] = [
  {
    type: secrets as unknown as Pictured['type'],
    facts: object => {
      const { data = {}, metadata } = object as KubeSecret
      return [`keys ${Object.keys(data).join(' ')}`, `annotations ${Object.keys(metadata.annotations ?? {}).join(' ')}`]
    },
  },
  {
    type: k0sWorkerConfig as unknown as Pictured['type'],
    facts: object => {
      const config = object as KubeObject & Parameters<typeof conditionOf>[0]
      const { dataSecretName, initialization } = config.status ?? {}
      return [
        conditionOf(config),
        conditionOf(config, 'Ready'),
        `${dataSecretName} ${initialization?.dataSecretCreated}`,
      ]
    },
  },
]

/** Plays Cluster API core: the Machine gets its node as soon as that can be found. */
async function playCore(world: World, node: string): Promise<void> {
  const { client } = world.management
  await world.untilHosted(nodes, { name: node }, live => live?.spec?.providerID === `lab://${node}`)
  await client.patchMerge(
    machines,
    keyIn(world, 'm1'),
    { status: { nodeRef: { name: node } } },
    { subresource: 'status' },
  )
}

const isRevoked = ({ metadata }: KubeSecret): boolean => 'k0smotron.io/token-revoked' in (metadata.annotations ?? {})

interface Ran {
  readonly picture: readonly string[]
  readonly writes: number
}

interface Dying {
  readonly nth: number
  readonly kind: FaultKind
  /** What is there before the first process starts. */
  readonly prepare: (world: World, config: K0sWorkerConfig) => Promise<unknown>
}

/** The end state, and how many writes the dying process made. */
async function run(where: string, { nth, kind, prepare }: Dying): Promise<Ran> {
  const world = { ...base, namespace: where }
  const fault = faultAt(nth, kind)
  await install(world.management.client, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: where } }])
  await makeReadyCluster(world, 'prod')
  await prepare(world, await makeConfig(world, { cluster: 'prod', name: 'm1', spec: { useSystemHostname: true } }))
  const machine = await createMachine(world, { cluster: 'prod', name: 'm1', spec: { providerID: `lab://${where}` } })
  await own(world, machine)
  const labels = { 'k0smotron.io/machine-name': 'm1' }
  await world.hosted.create(nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name: where, labels } })
  const core = playCore(world, where)
  const settled = async () => {
    await world.management.until(secrets, keyIn(world, 'm1-join-token'), isRevoked)
    const isOver = ({ status }: K0sWorkerConfig) => status?.joinTokenExpiration === undefined
    await world.management.until(k0sWorkerConfig, keyIn(world, 'm1'), isOver)
  }

  {
    const transport = (connection: Parameters<typeof undiciTransport>[0]) => fault.wrap(undiciTransport(connection))
    await using _first = await startBootstrap(world, { wrap: fault.wrap, transport, namespace: where })
    await (Number.isFinite(nth) ? fault.struck : settled())
  }
  {
    await using _second = await startBootstrap(world, { namespace: where })
    await settled()
    await core
  }
  expect(await tokensOf(world, 'm1')).toEqual([])
  await world.hosted.delete(nodes, { name: where })
  const { data } = await world.management.until(secrets, keyIn(world, 'm1-join-token'), isRevoked)
  expect((await joinTokenIn(world, 'm1')).token).toBe(`${text(data?.['token-id'])}.${text(data?.['token-secret'])}`)
  return { picture: await pictureOf(world.management.client, where, kinds), writes: fault.writes() }
}

const values = { 'token-id': 'taken0', 'token-secret': '0123456789abcdef' }
const takenToken = { namespace: 'kube-system', name: 'bootstrap-token-taken0' }

/** An earlier process left a token whose id someone else has by now, and somebody took its label away. */
async function prepareDetours({ management, namespace }: World, { apiVersion, kind, metadata }: K0sWorkerConfig) {
  const { name = '', uid = '' } = metadata
  const { labels: _, ...bare } = secretOf('m1-join-token', { namespace, cluster: 'prod' }, values).metadata
  const ownerReferences = [{ apiVersion, kind, name, uid, controller: true }]
  const token = secretOf('m1-join-token', { namespace, cluster: 'prod' }, values)
  await management.client.create(secrets, { ...token, metadata: { ...bare, ownerReferences } })
}

const paths: readonly (readonly [string, number, Dying['prepare']])[] = [
  ['straight', 8, async () => undefined],
  ['detours', 11, prepareDetours],
]

it.each(paths.flatMap(path => (['refused', 'lost'] as const).map(kind => [path[0], path[1], kind, path[2]] as const)))(
  'ends in the same state whichever write the process dies at: path %s, %i writes, %s',
  async (path, count, kind, prepare) => {
    const whole = { nth: Number.POSITIVE_INFINITY, kind, prepare }
    const { picture: reference, writes } = await run(`${path}-${kind}`, whole)
    expect(reference.length).toBeGreaterThan(20)
    expect(writes).toBe(count)
    for (let nth = 1; nth <= writes; nth += 1) {
      const { picture } = await run(`${path}-${kind}-${nth}`, { nth, kind, prepare })
      expect(picture, `the process died at write ${nth}`).toEqual(reference)
    }
  },
)
