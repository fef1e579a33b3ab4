// What a tenant may store in the management cluster: other tenants are served all the same — shell
import { k0sWorkerConfig } from '@k0smotron-ts/api'
import { limits, secrets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Arena, makeMachine, startArena, victim } from '../../../hostile/arena.ts'
import { maxStatusWrites } from '../../../hostile/attack.ts'
import {
  crowdCount,
  referrers,
  storeCrowd,
  storeLargeSecrets,
  storeReferrer,
  storeWaiting,
  storeWideConfigs,
  waitingCount,
} from '../../../hostile/tenant.ts'
import { underAttack, undisturbed } from './unshaken.ts'

const large = 'large'
const crowd = 'crowd'

let arena: Arena
let calm: number

beforeAll(async () => {
  arena = await startArena()
  calm = await undisturbed(arena)
})

afterAll(() => arena[Symbol.asyncDispose]())

it('100 Secrets of 1 MiB with the label of a cluster are there when the managers start', async () => {
  const begin = () => storeLargeSecrets(arena, large)
  const cost = await underAttack(arena, { what: '100 Secrets of 1 MiB', calm, name: large, begin })
  expect(cost.writes).toEqual([])
})

it.each(referrers.map(referrer => [referrer.what, referrer] as const))(
  'a config that refers to Secrets: %s',
  async (what, referrer) => {
    const { auditLog } = arena.management.env
    const mark = await auditLog.mark()
    const begin = () => storeReferrer(arena, large, referrer)
    const cost = await underAttack(arena, { what, calm, name: referrer.name, namespace: large, begin })
    const entries = (await auditLog.since(mark)).filter(({ path }) => path.includes('metadata.name%3D'))
    const watched = entries.filter(
      ({ verb, namespace, userAgent }) => verb === 'watch' && namespace === large && userAgent.startsWith('k0s-'),
    )
    expect(watched.length).toBeLessThanOrEqual(limits.configWatches.value)
    expect(maxStatusWrites(cost.writes)).toBeLessThanOrEqual(3)
  },
)

it('configs that wait for more Secrets than are watched', async () => {
  const name = 'waiting'
  const { auditLog } = arena.management.env
  const mark = await auditLog.mark()
  const what = `${waitingCount} configs that wait for many Secrets`
  const cost = await underAttack(arena, { what, calm, name, begin: () => storeWaiting(arena, name) })
  const entries = (await auditLog.since(mark)).filter(
    ({ verb, namespace, userAgent }) => verb === 'watch' && namespace === name && userAgent.startsWith('k0s-'),
  )
  const watched = new Set(entries.flatMap(({ path }) => /metadata\.name%3D[^&]*/.exec(path) ?? []))
  expect(watched.size).toBe(limits.namedWatchesOfNamespace.value)
  expect(maxStatusWrites(cost.writes)).toBeLessThanOrEqual(4)
})

it('configs of 900 KiB, of which not all find room', async () => {
  const name = 'wide'
  await underAttack(arena, { what: 'configs of 900 KiB', calm, name, begin: () => storeWideConfigs(arena, name) })
})

const isOlder = (version: string | undefined, than: { readonly resourceVersion?: string }): boolean =>
  BigInt(version ?? 0) < BigInt(than.resourceVersion ?? 0)

it('2,000 configs wait when the managers start', async () => {
  const { management } = arena
  const early = { namespace: victim, name: 'zz-early' }
  const begin = async () => {
    await storeCrowd(arena, crowd, () => makeMachine(management, victim, early.name)) // last in every order
  }
  const cost = await underAttack(arena, { what: `${crowdCount} configs`, calm, name: crowd, begin })
  const { metadata } = await management.until(secrets, early, () => true)
  const { items } = await management.client.list(k0sWorkerConfig, { namespace: crowd })
  const before = items.filter(
    ({ status, metadata: { resourceVersion } }) => status && isOlder(resourceVersion, metadata),
  )
  process.stdout.write(`  of ${crowdCount} configs ${before.length} came before the other tenant's\n`)
  expect(before.length).toBeLessThan(crowdCount / 4)
  expect(maxStatusWrites(cost.writes)).toBeLessThanOrEqual(2)
})
