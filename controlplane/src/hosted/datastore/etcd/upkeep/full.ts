// What is said of a database that is full, and of one that soon will be — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import type { Wait } from '@k0smotron-ts/runtime'
import type { Observed } from '../../../observed.ts'
import { quantityOf, roomOf } from '../../room.ts'

const { datastoreReason } = controlPlaneCondition

const remedy = (objects: string) => `delete ${objects}, such as Events, and defragment the members (etcdctl defrag)`

/** In hundredths of the quota: from here on people are told, while all is well. */
const nearlyFullPercent = 80

/** No member is ready then: that is what this says more than a missing one would. */
export function corruption(observed: Observed): Wait | undefined {
  return roomOf(observed)?.alarms.includes('CORRUPT')
    ? { reason: datastoreReason.corrupt, message: corrupt }
    : undefined
}

const corrupt =
  'etcd says that its members have different data (alarm CORRUPT), and refuses to write; give the member that `etcdctl alarm list` names a new volume, or restore a backup'

/** Members are ready all the same. What has a finalizer is written before it goes. */
export function outOfSpace(observed: Observed): Wait | undefined {
  const { alarms = [], quota = 0 } = roomOf(observed) ?? {}
  if (!alarms.includes('NOSPACE')) return undefined
  const message = `etcd refuses to write, because a database has reached its quota of ${quantityOf(quota)} (alarm NOSPACE); ${remedy('objects that nobody needs and that have no finalizer')}, and then take the alarm back (etcdctl alarm disarm)`
  return { reason: datastoreReason.outOfSpace, message }
}

/** While there is room. */
export function nearlyFull(observed: Observed): Wait | undefined {
  const room = roomOf(observed)
  if (!room || room.percent < nearlyFullPercent) return undefined
  const message = `a database takes ${room.percent} % of its quota of ${quantityOf(room.quota)}, at which etcd refuses to write; ${remedy('objects that nobody needs')}`
  return { reason: datastoreReason.nearlyFull, message }
}
