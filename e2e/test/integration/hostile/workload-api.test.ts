// API servers of workload clusters that attack whoever asks them: other tenants are served all the same — shell
import { k0sWorkerConfig } from '@k0smotron-ts/api'
import { clientOf } from '@k0smotron-ts/hack/testenv'
import { limits } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Arena, makeCluster, makeMachine, median, serveVictims, startArena } from './arena.ts'
import { mostStatusWrites, told, underAttack } from './attacked.ts'
import { type Attack, beginAttack, machineCount } from './attacker.ts'
import { behaviours } from './behaviours.ts'
import { refuseTokens } from './policy.ts'

let arena: Arena
let undisturbed: number

beforeAll(async () => {
  arena = await startArena()
  await serveVictims(arena, 'first', 1)
  undisturbed = median(await serveVictims(arena, 'undisturbed', 5))
})

afterAll(() => arena[Symbol.asyncDispose]())

/** Passes with a place, a list-watch each of Nodes and of tokens, and a question from either manager. */
const mostAtOnce = limits.workloadPasses.value + 2 + 2

/** Waits on the way to the data, and one for what the server does. */
const mostTold = 4

it.each(behaviours.map((behaviour, nth) => [behaviour.name, `attacker-${nth}`, behaviour] as const))(
  '%s',
  async (what, name, behaviour) => {
    await using stack = new AsyncDisposableStack()
    let attack: Attack | undefined
    const begin = async () => {
      attack = stack.use(await beginAttack(arena, name, behaviour))
    }
    const cost = await underAttack(arena, { name, begin })
    told(what, cost, undisturbed)
    expect(attack?.server.mostAtOnce).toBeLessThanOrEqual(mostAtOnce)
    const aboutConfigs = cost.writes.filter(({ resource }) => resource.startsWith('k0sworkerconfigs.'))
    expect(mostStatusWrites(aboutConfigs)).toBeLessThanOrEqual(mostTold)
    const served = (await attack?.configs())?.filter(({ status }) => status?.dataSecretName !== undefined)
    if (behaviour.blocks) expect(served).toEqual([])
  },
)

it('a policy that refuses tokens in other words each time', async () => {
  const { workload, management } = arena
  const [name, victims] = ['refused', 'unrefused']
  await using stack = new AsyncDisposableStack()
  const admin = stack.adopt(clientOf(workload.connection), client => client.close())
  await refuseTokens(admin, name)
  const mark = await workload.auditLog.mark()
  const refusals = async () =>
    (await workload.auditLog.since(mark)).filter(({ verb, status }) => verb === 'create' && status === 403).length
  const begin = async () => {
    await makeCluster(arena, name)
    for (let nth = 0; nth < machineCount; nth++) await makeMachine(management, name, `${name}-${nth}`)
    await expect.poll(refusals).toBeGreaterThanOrEqual(2 * machineCount) // the first of each, and what came after
  }
  const cost = await underAttack(arena, { name: victims, namespace: name, begin })
  told(`${await refusals()} refusals of a policy`, cost, undisturbed)
  expect(mostStatusWrites(cost.writes)).toBeLessThanOrEqual(mostTold)
  const { items } = await management.client.list(k0sWorkerConfig, { namespace: name })
  const messages = items.map(({ status }) => status?.conditions?.find(({ type }) => type === 'DataSecretAvailable'))
  expect(JSON.stringify(messages)).not.toContain('see request')
})
