// A pass that ended before it reported anything: says so on its control plane — shell
import {
  clusterNameLabel,
  clusters,
  controlPlaneCondition,
  isPaused,
  type K0smotronControlPlane,
  k0smotronControlPlane,
  type ObjectKey,
} from '@k0smotron-ts/api'
import { beside, type Failure, type Reader, type Shell } from '@k0smotron-ts/runtime'
import { reportBesideKnown } from '@k0smotron-ts/runtime/shell'

/** Whether what is known is still so, nobody can tell. */
export async function reportFailure(key: ObjectKey, shell: Shell, failure: Failure): Promise<void> {
  const controlPlane = shell.read.get(k0smotronControlPlane, key)
  if (!controlPlane || isPaused(clusterOf(controlPlane, shell.read), controlPlane)) return
  const { reason, message, words } = failure
  const isUp = controlPlane.status?.initialization?.controlPlaneInitialized === true
  const status = isUp ? ('Unknown' as const) : ('False' as const)
  const condition = { type: controlPlaneCondition.available, status, reason, message }
  const about = { type: k0smotronControlPlane, object: controlPlane }
  await reportBesideKnown(shell, about, { conditions: [condition], words })
}

/** By its label: the owner may be what cannot be read. */
function clusterOf(controlPlane: K0smotronControlPlane, read: Reader) {
  const name = controlPlane.metadata.labels?.[clusterNameLabel]
  if (name === undefined || read.unreadable(clusters)) return undefined
  return read.get(clusters, beside(controlPlane, name))
}
