// Phase datastore: its objects, and whether it works — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import type { Outcome } from '@k0smotron-ts/runtime'
import { datastoreChange } from '../datastore/change.ts'
import type { Observed } from '../observed.ts'
import { waits } from '../phase.ts'

export function renderDatastore(observed: Observed): Outcome {
  const change = datastoreChange(observed)
  return change ? waits(controlPlaneCondition.datastoreAvailable, change) : observed.datastore.outcome(observed)
}
