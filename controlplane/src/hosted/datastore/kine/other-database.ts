// Whether the data source names another database than the one in use — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import type { Wait } from '@k0smotron-ts/runtime'
import type { Observed } from '../../observed.ts'
import { configObjectInUse } from '../../render/k0s/config-in-use.ts'
import { dataSourceInUse, wantedDataSource } from './known-sources.ts'
import { databaseIn, isUserInfoEscaped } from './user-info.ts'

/**
 * While pods are replaced one by one, two databases would be behind one Service; kine makes a missing one, and an empty one works.
 * Kind and name tell: a host, a user or an option may change with the same data. What Go did not read as it was meant names none.
 */
export function otherDatabase(observed: Observed): Wait | undefined {
  const [before, wanted] = [dataSourceInUse(observed), wantedDataSource(observed)]
  if (before === undefined || wanted === undefined || !isRead(before)) return undefined
  if (databaseIn(before) === databaseIn(wanted)) return undefined
  return {
    reason: controlPlaneCondition.datastoreReason.changed,
    message: `the data source names another database, or one of another kind, than this control plane has its data in, so its pods stay as they are; write the old name again, which Secret ${configObjectInUse(observed)} has, or make a new control plane`,
  }
}

function isRead(text: string): boolean {
  return !text.startsWith('postgres:') || isUserInfoEscaped(text)
}
