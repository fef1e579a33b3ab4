// What an attack costs the managers, and the tenant whom it is not meant for — shell
import { type AuditEntry, isEvent, isWrite } from '@k0smotron-ts/hack/testenv'
import type { Arena } from './arena.ts'
import { forgetPeaks, peaks } from './memory.ts'
import { median, type Served, serveVictims } from './victims.ts'

export interface Attacked {
  /** Of the Machines that are served meanwhile; no other attack has it. */
  readonly name: string
  /** Of the attacker, if it is not his name too. */
  readonly namespace?: string
  /** How many Machines of the other tenant are served while it goes on; 5 unless given. */
  readonly victims?: number
  /** Resolves while the attack goes on. */
  readonly begin: () => Promise<unknown>
}

export interface Cost {
  /** The Machines of the other tenant. */
  readonly served: readonly Served[]
  /** Most resident memory of each manager. */
  readonly mebibytes: readonly number[]
  /** Of the managers, in the attacker's namespace; Events aside. */
  readonly writes: readonly AuditEntry[]
}

/** Throws where a manager ends: nobody starts it again. */
export async function attack(arena: Arena, attacked: Attacked): Promise<Cost> {
  const { name, namespace = name, victims = 5, begin } = attacked
  const { managers, management } = arena
  await forgetPeaks(managers)
  const mark = await management.env.auditLog.mark()
  await begin()
  const served = await serveVictims(arena, name, victims)
  const mebibytes = await peaks(managers)
  const users = managers.map(({ user }) => user)
  const isTheirs = (entry: AuditEntry) => users.includes(entry.user) && entry.namespace === namespace
  const entries = await management.env.auditLog.since(mark)
  return { served, mebibytes, writes: entries.filter(entry => isTheirs(entry) && isWrite(entry) && !isEvent(entry)) }
}

export function millisecondsOf(served: readonly Served[]): number {
  return median(served.map(({ milliseconds }) => milliseconds))
}

/** The most status writes of one object among them. */
export function maxStatusWrites(writes: readonly AuditEntry[]): number {
  const counts = new Map<string, number>()
  for (const { resource, subresource, name } of writes) {
    if (subresource === 'status') counts.set(`${resource} ${name}`, (counts.get(`${resource} ${name}`) ?? 0) + 1)
  }
  return Math.max(0, ...counts.values())
}

/** For a person to read. */
export function printCost(what: string, { served, mebibytes, writes }: Cost, undisturbed: number): string {
  const [controlPlane = 0, bootstrap = 0] = mebibytes
  const milliseconds = millisecondsOf(served)
  const times = `${milliseconds.toFixed(0)} ms, ${(milliseconds / undisturbed).toFixed(1)} times as long`
  const overtaken = `behind at most ${Math.max(...served.map(one => one.overtaken))} writes for others`
  const memory = `${controlPlane.toFixed(0)} and ${bootstrap.toFixed(0)} MiB`
  const cost = `${writes.length} writes for the attacker, at most ${maxStatusWrites(writes)} of one status`
  return `${what}: ${times}, ${overtaken}; ${memory}; ${cost}`
}
