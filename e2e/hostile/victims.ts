// Machines of the tenant whom an attack is not meant for: how long their data takes, and who comes before — shell
import { k0sWorkerConfig } from '@k0smotron-ts/api'
import { type AuditEntry, isEvent, isWrite } from '@k0smotron-ts/hack/testenv'
import { type Arena, makeMachine, victim } from './arena.ts'

/** One Machine, as the API server saw it. */
export interface Served {
  /** From its owner, without whom nothing is made, to its bootstrap data. */
  readonly milliseconds: number
  /** What the managers wrote for others meanwhile, Events aside. */
  readonly overtaken: number
}

/** One Machine after the other; `prefix` is the beginning of their names. */
export async function serveVictims(arena: Arena, prefix: string, count: number): Promise<readonly Served[]> {
  const { management } = arena
  const mark = await management.env.auditLog.mark()
  const names = Array.from({ length: count }, (_, nth) => `${prefix}-${nth}`)
  for (const name of names) {
    await makeMachine(management, victim, name)
    // said after the answer to the Secret, so that this is in the log
    await management.until(
      k0sWorkerConfig,
      { namespace: victim, name },
      ({ status }) => status?.dataSecretName === name,
    )
  }
  const entries = await management.env.auditLog.since(mark)
  return names.map(name => servedIn(entries, managersOf(arena), name))
}

function managersOf({ managers }: Arena): ReadonlySet<string> {
  return new Set(managers.map(({ user }) => user))
}

function servedIn(entries: readonly AuditEntry[], managers: ReadonlySet<string>, machine: string): Served {
  const owns = entries.find(
    ({ name, verb, subresource, resource, user }) =>
      name === machine &&
      verb === 'patch' &&
      subresource === '' &&
      resource.startsWith('k0sworkerconfigs.') &&
      !managers.has(user),
  )
  const data = entries.find(
    ({ name, resource, user }) => name === machine && resource === 'secrets' && managers.has(user),
  )
  if (!(owns && data)) throw new Error(`the audit log does not tell how ${machine} got its data`)
  const isForOthers = (entry: AuditEntry): boolean =>
    managers.has(entry.user) && isWrite(entry) && !isEvent(entry) && entry.namespace !== victim
  const isMeanwhile = ({ answeredAt }: AuditEntry): boolean =>
    answeredAt >= owns.receivedAt && answeredAt <= data.answeredAt
  return {
    milliseconds: data.answeredAt - owns.receivedAt,
    overtaken: entries.filter(entry => isForOthers(entry) && isMeanwhile(entry)).length,
  }
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
