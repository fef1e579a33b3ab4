// What the status of a member says of its database — core
import { type Database, databaseAlarms } from '../../members.ts'

/** One hundredth of the quota on the smallest usual volume. */
const step = 4 * 1024 ** 2

/** No etcd works with less: what says so is none, and has the quota of its file. */
const minQuota = 1024 ** 2

/** etcd says its quota from 3.6 on. */
export type DatabaseAnswer = Omit<Database, 'quota'> & Partial<Pick<Database, 'quota'>>

/** Numbers of 64 bits are text in etcd's JSON, and zeros are left out. */
export function databaseIn(status: unknown): DatabaseAnswer | undefined {
  const { dbSize, dbSizeInUse, dbSizeQuota, errors } = status as Readonly<Record<string, unknown>>
  const [size, quota] = [bytesIn(dbSize), bytesIn(dbSizeQuota)]
  if (size === undefined) return undefined
  const words = Array.isArray(errors) ? errors.filter(one => typeof one === 'string') : []
  return {
    size,
    inUse: bytesIn(dbSizeInUse) ?? 0,
    ...(quota !== undefined && quota >= minQuota && { quota }),
    alarms: databaseAlarms.filter(alarm => words.some(text => text.includes(`alarm:${alarm}`))),
  }
}

function bytesIn(value: unknown): number | undefined {
  const bytes = typeof value === 'string' ? Number(value) : Number.NaN
  return Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : undefined
}

/** Upward: what has reached its quota must not look as if it had not. */
export function rounded({ size, inUse, ...rest }: Database): Database {
  const up = (bytes: number) => Math.ceil(bytes / step) * step
  return { ...rest, size: up(size), inUse: up(inUse) }
}
