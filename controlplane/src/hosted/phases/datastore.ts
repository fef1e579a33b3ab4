// Phase datastore: its objects, and whether it works — core
import type { Outcome } from '@k0smotron-ts/runtime'
import type { Observed } from '../observed.ts'

export function renderDatastore(observed: Observed): Outcome {
  return observed.datastore.outcome(observed)
}
