// The process dies at its n-th write for a JoinTokenRequest: the next one leaves one token, and none at its end — shell
import {
  decodeJoinToken,
  type JoinTokenRequest,
  joinTokenRequest,
  type K0smotronCluster,
  k0smotronCluster,
} from '@k0smotron-ts/api'
import { controlPlaneProvider } from '@k0smotron-ts/controlplane'
import {
  clientOf,
  type FaultKind,
  faultAt,
  type HostedControlPlane,
  type Management,
  type StartOptions,
  startHostedControlPlane,
  startManagement,
} from '@k0smotron-ts/hack/testenv'
import { type Client, secrets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionLines } from './pictures.ts'
import { namespace } from './world.ts'

const apiVersion = 'k0smotron.io/v1beta2'
let world: Management

const start = (options: StartOptions = {}) =>
  world.start(controlPlaneProvider, 'k0smotron-standalone', { enableController: 'standalone', ...options })
const has = (object: K0smotronCluster | JoinTokenRequest, line: string) => conditionLines(object).includes(line)

/** Whether it struck before that came about. */
const strikes = (struck: Promise<void>, done: Promise<unknown>) =>
  Promise.race([struck.then(() => true), done.then(() => false)])

let hosted: HostedControlPlane
let inside: Client

beforeAll(async () => {
  world = await startManagement({ kwok: true })
  await world.env.addNode('node-1')
  const metadata = { name: 'join', namespace }
  await using _ = await start({ namespace })
  await world.client.create(k0smotronCluster, {
    apiVersion,
    kind: 'Cluster',
    metadata,
    spec: { externalAddress: world.env.publishedAddress },
  } as K0smotronCluster)
  await world.until(k0smotronCluster, metadata, ({ status }) => status?.readyReplicas === 1)
  hosted = await startHostedControlPlane({ env: world.env, namespace, cluster: 'join' })
  inside = clientOf(hosted.connection)
  await world.until(k0smotronCluster, metadata, object => has(object, 'Available True Available'))
  await world.quiet()
})

afterAll(async () => {
  await inside?.close()
  await hosted?.stop()
  await world[Symbol.asyncDispose]()
})

async function tokensOf(name: string): Promise<readonly (string | undefined)[]> {
  const labelSelector = `k0smotron.io/token-request=${namespace}.${name}`
  const { items } = await inside.list(secrets, { namespace: 'kube-system', labelSelector })
  return items.map(({ metadata }) => metadata.name)
}

const untilCreated = (name: string) =>
  world.until(joinTokenRequest, { namespace, name }, one => has(one, 'JoinTokenSecretCreated True Created'))

async function expectOneToken(name: string): Promise<void> {
  const { status } = await untilCreated(name)
  const secret = await world.client.get(secrets, { namespace, name })
  const { token } = decodeJoinToken(Buffer.from(secret?.data?.token ?? '', 'base64').toString())
  expect(token.split('.')[0]).toBe(status?.tokenID)
  expect(await tokensOf(name)).toEqual([`bootstrap-token-${status?.tokenID}`])
}

async function untilTakenBack(name: string): Promise<void> {
  await world.untilGone(joinTokenRequest, { namespace, name })
  await world.untilGone(secrets, { namespace, name })
}

/** From its making to its end; how many writes the dying process made. */
async function run(name: string, nth: number, kind: FaultKind): Promise<number> {
  const fault = faultAt(nth, kind)
  const metadata = { name, namespace }
  const object = { apiVersion, kind: 'JoinTokenRequest', metadata, spec: { clusterName: 'join' } }
  await world.client.create(joinTokenRequest, object as JoinTokenRequest)
  {
    await using _first = await start({ wrap: fault.wrap, namespace })
    if (!(await strikes(fault.struck, untilCreated(name)))) {
      await world.client.delete(joinTokenRequest, metadata)
      await strikes(fault.struck, untilTakenBack(name))
    }
  }
  const left = await world.client.get(joinTokenRequest, metadata)
  {
    await using _second = await start({ namespace })
    if (left && !left.metadata.deletionTimestamp) {
      await expectOneToken(name)
      await world.client.delete(joinTokenRequest, metadata)
    }
    await untilTakenBack(name)
  }
  expect(await tokensOf(name)).toEqual([])
  return fault.writes()
}

it.each<FaultKind>(['refused', 'lost'])(
  'leaves one token, and none at its end, when a write is %s and the process dies',
  async kind => {
    const writes = await run(`whole-${kind}`, Number.POSITIVE_INFINITY, kind)
    expect(writes).toBeGreaterThanOrEqual(4)
    for (let nth = 1; nth <= writes; nth += 1) await run(`n${nth}-${kind}`, nth, kind)
  },
)
