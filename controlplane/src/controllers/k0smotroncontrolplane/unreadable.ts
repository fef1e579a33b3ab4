// A pass that ended at a kind that cannot be read: says so on its control plane — shell
import { controlPlaneCondition, isPaused, k0smotronControlPlane, type ObjectKey } from '@k0smotron-ts/api'
import { kept, type Shell } from '@k0smotron-ts/runtime'

const { anyPhaseReason, available } = controlPlaneCondition

/** Nothing was decided, so everything that is known stays; whether it is still so, nobody can tell. */
export async function reportUnreadable(key: ObjectKey, { read, report }: Shell, message: string): Promise<void> {
  const controlPlane = read.get(k0smotronControlPlane, key)
  if (!controlPlane || isPaused(undefined, controlPlane)) return
  const isUp = controlPlane.status?.initialization?.controlPlaneInitialized === true
  const wait = { reason: anyPhaseReason.waitingForKind, message }
  const condition = { type: available, status: isUp ? ('Unknown' as const) : ('False' as const), ...wait }
  await report(k0smotronControlPlane, controlPlane, kept(controlPlane.status, [condition]))
}
