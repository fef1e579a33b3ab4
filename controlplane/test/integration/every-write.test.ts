// The process dies at its n-th write, once refused and once with the reply lost: the next one ends in the same state — shell
import { k0smotronControlPlane } from '@k0smotron-ts/api'
import {
  type FaultKind,
  faultAt,
  install,
  type Management,
  type Pictured,
  pictureOf,
  startManagement,
} from '@k0smotron-ts/hack/testenv'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionLines, dieAtEachWrite, keysIn, partsPictured, type Survived, withoutHashes } from './pictures.ts'
import { conditionOf, makeControlPlane, startControlPlane } from './world.ts'

let world: Management

beforeAll(async () => {
  world = await startManagement({ clusterApiKinds: true })
})

afterAll(() => world[Symbol.asyncDispose]())

const kinds: readonly Pictured[] = [
  ...partsPictured,
  {
    type: k0smotronControlPlane as unknown as Pictured['type'],
    facts: object => {
      const { spec } = object as unknown as { spec: { controlPlaneEndpoint?: { port: number } } }
      return [`port ${spec.controlPlaneEndpoint?.port}`, ...conditionLines(object)]
    },
  },
]

/** All that can be had without pods. */
const isSettled = (object: Parameters<typeof conditionOf>[0]) =>
  conditionOf(object, 'ControlPlaneComponentsHealthy') === 'False WaitingForPods' &&
  conditionOf(object, 'ScalingUp') === 'True ScalingUp' &&
  object.spec.controlPlaneEndpoint !== undefined

async function run(where: string, nth: number, kind: FaultKind): Promise<Survived> {
  const fault = faultAt(nth, kind)
  await install(world.client, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: where } }])
  await makeControlPlane(world, 'c', { version: 'v1.36.3+k0s.1' }, { where })
  const settled = () => world.until(k0smotronControlPlane, { namespace: where, name: 'c' }, isSettled)
  let struck = false
  {
    await using _first = await startControlPlane(world, { wrap: fault.wrap, namespace: where })
    struck = await Promise.race([fault.struck.then(() => true), settled().then(() => false)])
  }
  const minted = await keysIn(world.client, where)
  {
    await using _second = await startControlPlane(world, { namespace: where })
    await settled()
  }
  // a key that was stored is in use, whether the process that made it knew of that or not
  expect(await keysIn(world.client, where)).toMatchObject(minted)
  const picture = withoutHashes(await pictureOf(world.client, where, kinds))
  return { picture, writes: fault.writes(), struck }
}

it.each<FaultKind>(['refused', 'lost'])(
  'ends in the same state when a write is %s and the process dies, for every write',
  kind => dieAtEachWrite(run, kind),
)
