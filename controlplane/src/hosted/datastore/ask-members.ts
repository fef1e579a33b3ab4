// Asks the members of datastores that have any — shell
import type { DatastoreMembers } from '../observe.ts'
import { MemberConnections } from './etcd/members/connections.ts'
import { createDatastoreMembers, type DatastoreMembersDeps } from './etcd/members/datastore-members.ts'

export interface MembersDeps extends Omit<DatastoreMembersDeps, 'connect'> {
  readonly userAgent: string
}

export function createMembers({ userAgent, ...deps }: MembersDeps): DatastoreMembers & { readonly close: () => void } {
  return createDatastoreMembers({ ...deps, connect: () => new MemberConnections(userAgent, deps.clock) })
}
