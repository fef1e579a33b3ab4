// The requests of one manager, counted from the audit log — core
import { type AuditEntry, countBy, isEvent, isLease, isWrite } from '@k0smotron-ts/hack/testenv'

const isLook = ({ verb }: AuditEntry): boolean => verb === 'list' || verb === 'watch'

/** All that a manager asked because of its objects: neither Events nor its lease, nor its list-watches, which are few whatever it manages. */
export function requestsFor(entries: readonly AuditEntry[], user: string): readonly AuditEntry[] {
  return entries.filter(entry => entry.user === user && !isEvent(entry) && !isLease(entry) && !isLook(entry))
}

export interface Kinds {
  readonly writes: number
  readonly gets: number
  readonly lists: number
  readonly watches: number
}

/** Everything but its lease; Events count. */
export function requestKinds(entries: readonly AuditEntry[], user: string): Kinds {
  const own = entries.filter(entry => entry.user === user && !isLease(entry))
  const { list = 0, watch = 0, get = 0 } = countBy(own, ['verb'])
  return { writes: own.filter(isWrite).length, gets: get, lists: list, watches: watch }
}
