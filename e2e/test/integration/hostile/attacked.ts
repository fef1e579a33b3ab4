// What holds for the managers under every attack — shell
import { memoryLimitMiB } from '@k0smotron-ts/config'
import { type AuditEntry, isEvent, isWrite } from '@k0smotron-ts/hack/testenv'
import { expect } from 'vitest'
import { type Arena, median, serveVictims } from './arena.ts'
import { forgetPeaks, peaks } from './memory.ts'

/** What an attack cost, for a person to read. */
export interface Cost {
  /** Milliseconds from the owner of a well-behaved tenant's Machine to its data. */
  readonly served: number
  /** Most resident memory of each manager. */
  readonly mebibytes: readonly number[]
  /** Of the managers, in the attacker's namespace; Events aside. */
  readonly writes: readonly AuditEntry[]
}

/** How many Machines of the other tenant are served while it goes on. */
const victims = 5

export interface Attacked {
  /** Of the Machines that are served meanwhile; no other attack has it. */
  readonly name: string
  /** Of the attacker, if it is not his name too. */
  readonly namespace?: string
  /** Resolves while the attack goes on. */
  readonly begin: () => Promise<unknown>
}

/** Fails where a manager ends, takes more memory than it may have, or never comes to serve the other tenant. */
export async function underAttack(arena: Arena, { name, namespace = name, begin }: Attacked): Promise<Cost> {
  const { managers, management } = arena
  const before = managers.map(({ pid }) => pid)
  await forgetPeaks(managers)
  const mark = await management.env.auditLog.mark()
  await begin()
  const served = median(await serveVictims(arena, name, victims))
  const mebibytes = await peaks(managers)
  for (const one of mebibytes) expect(one).toBeLessThan(memoryLimitMiB)
  expect(managers.map(({ pid }) => pid)).toEqual(before)
  const users = managers.map(({ user }) => user)
  const isTheirs = (entry: AuditEntry) => users.includes(entry.user) && entry.namespace === namespace
  const entries = await management.env.auditLog.since(mark)
  return { served, mebibytes, writes: entries.filter(entry => isTheirs(entry) && isWrite(entry) && !isEvent(entry)) }
}

/** The most status writes of one object among them. */
export function mostStatusWrites(writes: readonly AuditEntry[]): number {
  const counts = new Map<string, number>()
  for (const { resource, subresource, name } of writes) {
    if (subresource === 'status') counts.set(`${resource} ${name}`, (counts.get(`${resource} ${name}`) ?? 0) + 1)
  }
  return Math.max(0, ...counts.values())
}

export function told(what: string, { served, mebibytes, writes }: Cost, undisturbed: number): void {
  const [controlPlane = 0, bootstrap = 0] = mebibytes
  const times = `${served.toFixed(0)} ms, ${(served / undisturbed).toFixed(1)} times as long`
  const memory = `${controlPlane.toFixed(0)} and ${bootstrap.toFixed(0)} MiB`
  const cost = `${writes.length} writes, at most ${mostStatusWrites(writes)} of one status`
  process.stdout.write(`  ${what}: ${times}; ${memory}; ${cost}\n`)
}
