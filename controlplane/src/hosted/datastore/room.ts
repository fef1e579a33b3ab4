// How much room a datastore has left, by what its members say of their databases — core
import { amountOf, type HostedStatus } from '@k0smotron-ts/api'
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

/** What the members said last, also to a manager before this one; `undefined` while nobody was asked. */
export function roomOf({ datastoreMembers, memory }: RoomKnown): Room | undefined {
  return roomIn(datastoreMembers?.databases) ?? (memory.etcd && remembered(memory.etcd))
}

interface RoomKnown {
  readonly datastoreMembers?: MembersAnswer
  readonly memory: Pick<Memory, 'etcd'>
}

function roomIn(databases: Databases = new Map()): Room | undefined {
  const shares = [...databases.values()].map(({ size, quota }) => ({ quota, share: size / quota }))
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
    databaseSize: quantityOf((quota * percent) / 100),
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

/** In MiB, as quantities are written. */
export function quantityOf(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)}Mi`
}
