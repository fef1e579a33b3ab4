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
import type { ObjectMetrics } from '@k0smotron-ts/runtime/shell'
import { reportHostedFailure } from '../../../hosted/report/failure.ts'
import { clusterNameOf } from '../snapshot.ts'

export async function reportFailure(
  key: ObjectKey,
  shell: Shell,
  failure: Failure,
  metrics: ObjectMetrics,
): Promise<void> {
  const controlPlane = shell.read.get(k0smotronControlPlane, key)
  if (!controlPlane || isPaused(clusterOf(controlPlane, shell.read), controlPlane)) return
  const isInitialized = controlPlane.status?.initialization?.controlPlaneInitialized === true
  const cluster = clusterNameOf({ controlPlane })
  const about = { type: k0smotronControlPlane, object: controlPlane, cluster, isInitialized }
  await reportHostedFailure(shell, about, failure, metrics)
}

/** By its label: the owner may be what cannot be read. */
function clusterOf(controlPlane: K0smotronControlPlane, read: Reader) {
  const name = controlPlane.metadata.labels?.[clusterNameLabel]
  if (name === undefined || read.unreadable(clusters)) return undefined
  return read.get(clusters, beside(controlPlane, name))
}
