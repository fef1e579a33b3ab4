// What holds under every attack — shell
import { memoryLimitMiB } from '@k0smotron-ts/config'
import { expect } from 'vitest'
import type { Arena } from '../../../hostile/arena.ts'
import { type Attacked, attack, type Cost, millisecondsOf, printCost } from '../../../hostile/attack.ts'
import { serveVictims } from '../../../hostile/victims.ts'

/** Milliseconds until a Machine has its data when nobody attacks. */
export async function undisturbed(arena: Arena): Promise<number> {
  await serveVictims(arena, 'first', 1)
  return millisecondsOf(await serveVictims(arena, 'undisturbed', 5))
}

/** `what`, for a person to read; `calm`: milliseconds without any attack. */
export interface Attempt extends Attacked {
  readonly what: string
  readonly calm: number
}

/** Both managers live on within their memory, and the other tenant is served while the attack goes on. */
export async function underAttack(arena: Arena, { what, calm, ...attacked }: Attempt): Promise<Cost> {
  const cost = await attack(arena, attacked)
  process.stdout.write(`  ${printCost(what, cost, calm)}\n`)
  expect(cost.mebibytes.filter(one => one >= memoryLimitMiB)).toEqual([])
  return cost
}
