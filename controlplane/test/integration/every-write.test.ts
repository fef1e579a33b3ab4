// The process dies at its n-th write, once refused and once with the reply lost: the next one ends in the same state — shell
import { type KubeObject, k0smotronControlPlane } from '@k0smotron-ts/api'
import {
  type FaultKind,
  faultAt,
  install,
  type Management,
  type Pictured,
  pictureOf,
  startManagement,
} from '@k0smotron-ts/hack/testenv'
import {
  configMaps,
  networkPolicies,
  podDisruptionBudgets,
  secrets,
  services,
  statefulSets,
} from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionOf, makeControlPlane, startControlPlane } from './world.ts'

let world: Management

beforeAll(async () => {
  world = await startManagement({ clusterApiKinds: true })
})

afterAll(() => world[Symbol.asyncDispose]())

const keysOf = (object: KubeObject & { readonly data?: object }) => [
  `keys ${Object.keys(object.data ?? {})
    .sort()
    .join(' ')}`,
]
const specOf = (object: KubeObject & { readonly spec?: object }) => [
  `spec ${Object.keys(object.spec ?? {})
    .sort()
    .join(' ')}`,
]

const kinds: readonly Pictured[] = [
  ...[configMaps, secrets].map(type => ({ type, facts: keysOf }) as Pictured),
  ...[services, statefulSets, networkPolicies, podDisruptionBudgets].map(type => ({ type, facts: specOf }) as Pictured),
  {
    type: k0smotronControlPlane as unknown as Pictured['type'],
    facts: object => {
      const { spec, status } = object as unknown as {
        spec: { controlPlaneEndpoint?: { port: number } }
        status: { conditions: { type: string; status: string; reason: string }[] }
      }
      return [
        `port ${spec.controlPlaneEndpoint?.port}`,
        ...status.conditions.map(one => `${one.type} ${one.status} ${one.reason}`),
      ]
    },
  },
]

/** All that can be had without pods. */
const isSettled = (object: Parameters<typeof conditionOf>[0]) =>
  conditionOf(object, 'ControlPlaneComponentsHealthy') === 'False WaitingForPods' &&
  conditionOf(object, 'ScalingUp') === 'True ScalingUp' &&
  object.spec.controlPlaneEndpoint !== undefined

async function keysIn(where: string): Promise<Record<string, unknown>> {
  const { items } = await world.client.list(secrets, { namespace: where })
  return Object.fromEntries(items.map(({ metadata, data }) => [metadata.name, data]))
}

/** The end state, and how many writes the dying process made. */
async function run(
  where: string,
  nth: number,
  kind: FaultKind,
): Promise<{ picture: string[]; writes: number; struck: boolean }> {
  const fault = faultAt(nth, kind)
  await install(world.client, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: where } }])
  await makeControlPlane(world, 'c', { version: 'v1.36.3+k0s.1' }, { where })
  const settled = () => world.until(k0smotronControlPlane, { namespace: where, name: 'c' }, isSettled)
  let struck = false
  {
    await using _first = await startControlPlane(world, { wrap: fault.wrap, namespace: where })
    struck = await Promise.race([fault.struck.then(() => true), settled().then(() => false)])
  }
  const minted = await keysIn(where)
  {
    await using _second = await startControlPlane(world, { namespace: where })
    await settled()
  }
  // a key that was stored is in use, whether the process that made it knew of that or not
  expect(await keysIn(where)).toMatchObject(minted)
  // the configuration names the Service's address, and is named by its content
  const lines = await pictureOf(world.client, where, kinds)
  const picture = lines.map(line => line.replace(/-config-[0-9a-f]{10}:/, '-config-HASH:'))
  return { picture, writes: fault.writes(), struck }
}

it.each<FaultKind>(['refused', 'lost'])(
  'ends in the same state when a write is %s and the process dies, for every write',
  async kind => {
    const { picture: reference, writes } = await run(`whole-${kind}`, Number.POSITIVE_INFINITY, kind)
    expect(reference.length).toBeGreaterThan(80)
    expect(writes).toBeGreaterThan(18)
    for (let nth = 1; nth <= writes; nth += 1) {
      const { picture, struck } = await run(`n${nth}-${kind}`, nth, kind)
      expect(picture, `the process died at write ${nth}`).toEqual(reference)
      expect(struck || nth > writes - 3, `write ${nth} did not happen`).toBe(true)
    }
  },
)
