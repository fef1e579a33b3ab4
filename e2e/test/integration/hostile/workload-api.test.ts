// API servers of workload clusters that attack whoever asks them: other tenants are served all the same — shell
import { k0sWorkerConfig } from '@k0smotron-ts/api'
import { limits } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Arena, startArena } from '../../../hostile/arena.ts'
import { maxStatusWrites } from '../../../hostile/attack.ts'
import { behaviours } from '../../../hostile/behaviours.ts'
import { beginHostileCluster, type HostileCluster } from '../../../hostile/cluster.ts'
import { beginRefusals } from '../../../hostile/policy.ts'
import { underAttack, undisturbed } from './unshaken.ts'

let arena: Arena
let calm: number

beforeAll(async () => {
  arena = await startArena()
  calm = await undisturbed(arena)
})

afterAll(() => arena[Symbol.asyncDispose]())

/** Passes with a place, a list-watch each of Nodes and of tokens, and a question from either manager. */
const maxAtOnce = limits.workloadPasses.value + 2 + 2

/** Waits on the way to the data, and one for what the server does. */
const maxTold = 4

it.each(behaviours.map((behaviour, nth) => [behaviour.name, `attacker-${nth}`, behaviour] as const))(
  '%s',
  async (what, name, behaviour) => {
    await using stack = new AsyncDisposableStack()
    let hostile: HostileCluster | undefined
    const begin = async () => {
      hostile = stack.use(await beginHostileCluster(arena, name, behaviour))
    }
    const cost = await underAttack(arena, { what, calm, name, begin })
    expect(hostile?.server.maxAtOnce).toBeLessThanOrEqual(maxAtOnce)
    expect(hostile?.server.requests.filter(one => one.includes('/elsewhere'))).toEqual([])
    const aboutConfigs = cost.writes.filter(({ resource }) => resource.startsWith('k0sworkerconfigs.'))
    expect(maxStatusWrites(aboutConfigs)).toBeLessThanOrEqual(maxTold)
    const served = (await hostile?.configs())?.filter(({ status }) => status?.dataSecretName !== undefined)
    if (behaviour.blocks) expect(served).toEqual([])
  },
)

it('a policy that refuses tokens in other words each time', async () => {
  const [name, namespace] = ['unrefused', 'refused']
  await using stack = new AsyncDisposableStack()
  const begin = async () => stack.use(await beginRefusals(arena, namespace))
  const cost = await underAttack(arena, { what: 'refusals of a policy', calm, name, namespace, begin })
  expect(maxStatusWrites(cost.writes)).toBeLessThanOrEqual(maxTold)
  const { items } = await arena.management.client.list(k0sWorkerConfig, { namespace })
  const messages = items.map(({ status }) => status?.conditions?.find(({ type }) => type === 'DataSecretAvailable'))
  expect(JSON.stringify(messages)).not.toContain('see request')
})
