// Who has to act on the infrastructure object of the Cluster — core
import type { Observed } from '../observed.ts'

/** As k0smotron's guides write it. */
const ourName = 'k0smotron'

/** The object's own provider leaves it alone, and the contract asks of us what it asks of that provider. */
export function isManagedByUs({ infrastructure }: Observed): boolean {
  return infrastructure?.managedBy === ourName
}
