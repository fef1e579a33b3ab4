// What attacks of one tenant cost another one, and how much memory they take — shell
import { memoryLimitMiB } from '@k0smotron-ts/config'
import { type Arena, restartManagers, startArena } from '../hostile/arena.ts'
import { attack, type Cost, millisecondsOf, printCost } from '../hostile/attack.ts'
import { type Attack, attacks } from '../hostile/attacks.ts'
import { serveVictims } from '../hostile/victims.ts'
import type { Row } from './row.ts'
import type { BenchOptions, Scenario } from './scenario.ts'

const scenario = 'hostile'
const victims = 9

interface Measured {
  readonly what: string
  readonly cost: Cost
  readonly relative: number
}

export const hostile: Scenario = {
  name: scenario,
  description: "the data of a tenant's Machine while others attack both managers, relative to without",
  isSlow: true,
  run: async ({ say }) => rowsOf(await measureAll(say)),
}

type Say = BenchOptions['say']

async function measureAll(say: Say): Promise<readonly Measured[]> {
  await using arena = await startArena()
  say('hostile: a Machine of another tenant, without and with an attack')
  await serveVictims(arena, 'first', victims)
  const measured: Measured[] = []
  for (const one of attacks) measured.push(await measure(arena, one, say))
  return measured
}

/** Without and with it, one after the other: how fast the machine is changes from minute to minute. */
async function measure(arena: Arena, { what, begin, isAtStart, ...attacked }: Attack, say: Say): Promise<Measured> {
  if (isAtStart) await restartManagers(arena, async () => undefined)
  const calm = millisecondsOf(await serveVictims(arena, `before-${attacked.name}`, victims))
  await using stack = new AsyncDisposableStack()
  const cost = await attack(arena, { ...attacked, victims, begin: async () => stack.use(await begin(arena)) })
  say(`  without ${calm.toFixed(0)} ms; ${printCost(what, cost, calm)}`)
  return { what, cost, relative: millisecondsOf(cost.served) / calm }
}

function rowsOf(measured: readonly Measured[]): readonly Row[] {
  const peak = (nth: number) => Math.max(...measured.map(({ cost }) => cost.mebibytes[nth] ?? Number.NaN))
  const memory = { scenario, unit: 'MiB', budget: memoryLimitMiB }
  return [
    ...measured.map(({ what, relative }) => ({
      scenario,
      metric: `${what}: data of another tenant's Machine, relative to without`,
      value: relative,
      unit: '×',
      budget: 2,
    })),
    { ...memory, metric: 'control-plane, peak of all attacks', value: peak(0) },
    { ...memory, metric: 'bootstrap, peak of all attacks', value: peak(1) },
  ]
}
