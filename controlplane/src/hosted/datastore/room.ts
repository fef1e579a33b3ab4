// How much room a datastore has left, by what its members say of their databases — core
import { amountOf, type HostedStatus } from '@k0smotron-ts/api'
import type { StatefulSet } from '@k0smotron-ts/runtime'
import type { Memory } from '../input.ts'
import { type Database, type DatabaseAlarm, databaseAlarms, type MembersAnswer } from './members.ts'

type Databases = ReadonlyMap<number, Database>
type RoomStatus = NonNullable<HostedStatus['etcd']>

export interface Room {
  /** The size at which nothing can be written any more. */
  readonly quota: number
  /** How much of it the largest database takes, in steps of five: what is stored and read does not change with each growth. */
  readonly percent: number
  readonly alarms: readonly DatabaseAlarm[]
}

/**
 * What the members said last, also to a manager before this one; `undefined` while nobody was asked. While one of them has
 * not answered there is no more room than there was, and an alarm that nobody answers for is not believed for ever.
 */
export function roomOf({ datastoreMembers, datastoreSet, memory }: RoomKnown): Room | undefined {
  const databases = datastoreMembers?.databases
  const before = memory.etcd && remembered(memory.etcd)
  if (!databases) return before
  const said = roomIn(databases)
  if (!said) return before && { ...before, alarms: [] }
  const answered = [...databases.keys()].filter(ordinal => ordinal < replicasIn(datastoreSet)).length
  const isFuller = before !== undefined && before.percent > said.percent && answered < replicasIn(datastoreSet)
  return isFuller ? { ...before, alarms: said.alarms } : said
}

interface RoomKnown {
  readonly datastoreMembers?: MembersAnswer
  readonly datastoreSet?: StatefulSet
  readonly memory: Pick<Memory, 'etcd'>
}

function replicasIn(set: StatefulSet | undefined): number {
  return set?.spec?.replicas ?? 1
}

function roomIn(databases: Databases): Room | undefined {
  const shares = [...databases.values()].map(({ size, quota }) => ({ quota, share: Math.min(1, size / quota) }))
  const [fullest] = shares.toSorted((one, other) => other.share - one.share)
  if (!fullest) return undefined
  return { quota: fullest.quota, percent: Math.floor(fullest.share * 20) * 5, alarms: alarmsIn(databases) }
}

/** What is raised anywhere: members may learn of it one after another. */
export function alarmsIn(databases: Databases): readonly DatabaseAlarm[] {
  return databaseAlarms.filter(alarm => [...databases.values()].some(({ alarms }) => alarms.includes(alarm)))
}

export function roomStatus(known: RoomKnown): RoomStatus | undefined {
  const room = roomOf(known)
  if (!room) return undefined
  const { alarms, percent, quota } = room
  return {
    databaseSize: quantityOf((quota * percent) / 100, quota),
    databaseQuota: quantityOf(quota),
    ...(alarms.length > 0 && { alarms: [...alarms] }),
  }
}

function remembered({ databaseSize, databaseQuota, alarms = [] }: RoomStatus): Room | undefined {
  const [size, quota] = [amountOf(databaseSize ?? ''), amountOf(databaseQuota ?? '')]
  if (size === undefined || !quota) return undefined
  const percent = Math.round((size / quota) * 20) * 5
  return { quota, percent, alarms: databaseAlarms.filter(alarm => alarms.includes(alarm)) }
}

/** In MiB, as quantities are written; of small quotas also in KiB, so that each twentieth is told apart. */
export function quantityOf(bytes: number, quota: number = bytes): string {
  const kibibytes = Math.round(bytes / 1024)
  return quota < smallQuota && kibibytes % 1024 !== 0 ? `${kibibytes}Ki` : `${Math.round(bytes / 1024 ** 2)}Mi`
}

const smallQuota = 64 * 1024 ** 2
