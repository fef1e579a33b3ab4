// Why nothing can be made yet, whatever the kind — core
import { controlPlaneCondition, maxClusterNameLength } from '@k0smotron-ts/api'
import type { Wait } from '@k0smotron-ts/runtime'
import type { Observed } from '../observed.ts'

const { anyPhaseReason } = controlPlaneCondition

export function partsBlockedBy(observed: Observed): Wait | undefined {
  return tooLong(observed.clusterName) ?? unsupported(observed)
}

function tooLong(name: string): Wait | undefined {
  if (name.length <= maxClusterNameLength) return undefined
  return {
    reason: anyPhaseReason.clusterNameTooLong,
    message: `the name of Cluster ${name} has ${name.length} characters; pods can be made up to ${maxClusterNameLength}`,
  }
}

/** Only before anything runs: what does run is kept alive, and the condition NotSupported names the field. */
function unsupported(observed: Observed): Wait | undefined {
  if (observed.statefulSets.length > 0) return undefined
  const paths = observed.unsupported.flatMap(({ path, blocks }) => (blocks ? [path] : []))
  if (paths.length === 0) return undefined
  return {
    reason: anyPhaseReason.notSupported,
    message: `${paths.join(', ')} cannot be honoured yet, and the control plane would be wrong without`,
  }
}
