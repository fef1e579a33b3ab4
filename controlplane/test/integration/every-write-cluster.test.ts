// The process dies at its n-th write for a Cluster of k0smotron.io: the next one ends in the same state — shell
import { type K0smotronCluster, k0smotronCluster } from '@k0smotron-ts/api'
import { controlPlaneProvider } from '@k0smotron-ts/controlplane'
import {
  type FaultKind,
  faultAt,
  install,
  type Management,
  type Pictured,
  pictureOf,
  type StartOptions,
  startManagement,
} from '@k0smotron-ts/hack/testenv'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionLines, dieAtEachWrite, keysIn, partsPictured, type Survived, withoutHashes } from './pictures.ts'

let world: Management

beforeAll(async () => {
  world = await startManagement()
})

afterAll(() => world[Symbol.asyncDispose]())

const start = (options: StartOptions) =>
  world.start(controlPlaneProvider, 'k0smotron-standalone', { enableController: 'standalone', ...options })
const has = (object: K0smotronCluster, line: string) => conditionLines(object).includes(line)

const kinds: readonly Pictured[] = [
  ...partsPictured,
  {
    type: k0smotronCluster as unknown as Pictured['type'],
    facts: object => [`annotations ${JSON.stringify(object.metadata.annotations)}`, ...conditionLines(object)],
  },
]

/** All that can be had without pods: nothing makes them here. */
const isSettled = (object: K0smotronCluster) =>
  has(object, 'ControlPlaneComponentsHealthy False WaitingForPods') &&
  has(object, 'ScalingUp True ScalingUp') &&
  object.status?.publishedEndpoint !== undefined

async function run(where: string, nth: number, kind: FaultKind): Promise<Survived> {
  const fault = faultAt(nth, kind)
  await install(world.client, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: where } }])
  const metadata = { name: 'c', namespace: where }
  await world.client.create(k0smotronCluster, {
    apiVersion: 'k0smotron.io/v1beta2',
    kind: 'Cluster',
    metadata,
    spec: { externalAddress: '192.0.2.1' },
  } as K0smotronCluster)
  const settled = () => world.until(k0smotronCluster, metadata, isSettled)
  let struck = false
  {
    await using _first = await start({ wrap: fault.wrap, namespace: where })
    struck = await Promise.race([fault.struck.then(() => true), settled().then(() => false)])
  }
  const minted = await keysIn(world.client, where)
  {
    await using _second = await start({ namespace: where })
    await settled()
  }
  // a key that was stored is in use, whether the process that made it knew of that or not
  expect(await keysIn(world.client, where)).toMatchObject(minted)
  return { picture: withoutHashes(await pictureOf(world.client, where, kinds)), writes: fault.writes(), struck }
}

it.each<FaultKind>(['refused', 'lost'])(
  'ends in the same state when a write is %s and the process dies, for every write',
  kind => dieAtEachWrite(run, kind),
)
