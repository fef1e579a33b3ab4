// What a tenant may store in the management cluster: other tenants are served all the same — shell
import { type K0sWorkerConfig, k0sWorkerConfig } from '@k0smotron-ts/api'
import { limits, secrets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { make } from '../../../harness/objects.ts'
import {
  type Arena,
  makeCluster,
  makeMachine,
  makeNamespace,
  median,
  serveVictims,
  startArena,
  victim,
} from './arena.ts'
import { mostStatusWrites, told, underAttack } from './attacked.ts'
import { configOf } from './objects.ts'

const large = 'large'
const crowd = 'crowd'

let arena: Arena
let undisturbed: number

beforeAll(async () => {
  arena = await startArena()
  await serveVictims(arena, 'first', 1)
  undisturbed = median(await serveVictims(arena, 'undisturbed', 5))
})

afterAll(() => arena[Symbol.asyncDispose]())

async function restartManagers(work: () => Promise<unknown>): Promise<void> {
  await Promise.all(arena.managers.map(manager => manager.stop()))
  await work()
  await Promise.all(arena.managers.map(manager => manager.start()))
}

/** Where they are not, some at a time. */
async function inTens(count: number, work: (nth: number) => Promise<unknown>): Promise<void> {
  for (let nth = 0; nth < count; nth += 10) {
    await Promise.all(Array.from({ length: Math.min(10, count - nth) }, (_, index) => work(nth + index)))
  }
}

it('100 Secrets of 1 MiB with the label of a cluster are there when the managers start', async () => {
  const { management } = arena
  const value = 'QUJD'.repeat(262_144)
  await restartManagers(async () => {
    await makeNamespace(arena, large)
    await inTens(100, nth =>
      management.client.create(secrets, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { namespace: large, name: `s-${nth}`, labels: { 'cluster.x-k8s.io/cluster-name': 'nobody' } },
        data: { value },
      }),
    )
  })
  const cost = await underAttack(arena, { name: large, begin: async () => undefined })
  told('100 Secrets of 1 MiB', cost, undisturbed)
  expect(cost.writes).toEqual([])
})

const references = (count: number, prefix: string) => ({
  files: Array.from({ length: count }, (_, nth) => ({
    path: `/f-${nth}`,
    contentFrom: { secretRef: { name: `${prefix}-${nth}`, key: 'value' } },
  })),
})

const reasonOf = ({ status }: K0sWorkerConfig): string | undefined =>
  status?.conditions?.find(({ type }) => type === 'DataSecretAvailable')?.reason

it.each([
  ['500, which are too many', 500, 's', 'InvalidSpec'],
  ['100 that are there, of 1 MiB each', 100, 's', 'DataTooLarge'],
  ['100 that are not there', 100, 'none', 'WaitingForReference'],
] as const)('configs that refer to Secrets: %s', async (what, count, prefix, reason) => {
  const { management } = arena
  await makeClusterOnce(large)
  const name = `refers-${count}-${prefix}`
  const mark = await management.env.auditLog.mark()
  const begin = async () => {
    await makeMachine(management, large, name, references(count, prefix))
    await management.until(k0sWorkerConfig, { namespace: large, name }, config => reasonOf(config) === reason)
  }
  const cost = await underAttack(arena, { name, namespace: large, begin })
  told(what, cost, undisturbed)
  const entries = (await management.env.auditLog.since(mark)).filter(({ path }) => path.includes('metadata.name%3D'))
  const watched = entries.filter(
    ({ verb, namespace, userAgent }) => verb === 'watch' && namespace === large && userAgent.startsWith('k0s-'),
  )
  expect(watched.length).toBeLessThanOrEqual(limits.configWatches.value)
  expect(mostStatusWrites(cost.writes)).toBeLessThanOrEqual(3)
})

const made = new Set<string>()
async function makeClusterOnce(namespace: string): Promise<void> {
  if (!made.has(namespace)) await makeCluster(arena, namespace)
  made.add(namespace)
}

it('configs of 900 KiB, of which not all find room', async () => {
  const { management } = arena
  const name = 'wide'
  const content = 'x'.repeat(450 * 1_024)
  const spec = { files: ['/a', '/b'].map(path => ({ path, content })) }
  const roomFor = Math.floor(limits.largeObjectsOfNamespaceBytes.value / (900 * 1_024))
  const begin = async () => {
    await makeNamespace(arena, name)
    for (let nth = 0; nth <= roomFor; nth++) await make(management.client, name, [configOf(`m-${nth}`, spec)])
    await management.untilEvent({ namespace: name, name: `m-${roomFor}` }, 'Warning TooLarge')
  }
  told('configs of 900 KiB', await underAttack(arena, { name, begin }), undisturbed)
})

const isOlder = (version: string | undefined, than: { readonly resourceVersion?: string }): boolean =>
  BigInt(version ?? 0) < BigInt(than.resourceVersion ?? 0)

it('2,000 configs wait when the managers start', async () => {
  const { management } = arena
  const count = 2_000
  const early = { namespace: victim, name: 'zz-early' }
  await restartManagers(async () => {
    await makeNamespace(arena, crowd)
    await inTens(count, nth => make(management.client, crowd, [configOf(`m-${nth}`)]))
    await makeMachine(management, victim, early.name) // last in the order of the alphabet and of coming
  })
  const { metadata } = await management.until(secrets, early, () => true)
  const { items } = await management.client.list(k0sWorkerConfig, { namespace: crowd })
  const before = items.filter(
    ({ status, metadata: { resourceVersion } }) => status && isOlder(resourceVersion, metadata),
  )
  expect(before.length).toBeLessThan(count)
  const cost = await underAttack(arena, { name: crowd, begin: async () => undefined })
  told(`${count} configs, of which ${before.length} were served before the other tenant's`, cost, undisturbed)
  expect(mostStatusWrites(cost.writes)).toBeLessThanOrEqual(2)
})
