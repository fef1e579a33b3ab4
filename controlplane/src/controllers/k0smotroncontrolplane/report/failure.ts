// A pass that ended before it reported anything: says so on its control plane — shell
import {
  clusterNameLabel,
  clusters,
  isPaused,
  type K0smotronControlPlane,
  k0smotronControlPlane,
  type ObjectKey,
} from '@k0smotron-ts/api'
import { beside, type Failure, type Reader, type Shell } from '@k0smotron-ts/runtime'
import { reportHostedFailure } from '../../../hosted/report/failure.ts'

export async function reportFailure(key: ObjectKey, shell: Shell, failure: Failure): Promise<void> {
  const controlPlane = shell.read.get(k0smotronControlPlane, key)
  if (!controlPlane || isPaused(clusterOf(controlPlane, shell.read), controlPlane)) return
  const isInitialized = controlPlane.status?.initialization?.controlPlaneInitialized === true
  await reportHostedFailure(shell, { type: k0smotronControlPlane, object: controlPlane, isInitialized }, failure)
}

/** By its label: the owner may be what cannot be read. */
function clusterOf(controlPlane: K0smotronControlPlane, read: Reader) {
  const name = controlPlane.metadata.labels?.[clusterNameLabel]
  if (name === undefined || read.unreadable(clusters)) return undefined
  return read.get(clusters, beside(controlPlane, name))
}
