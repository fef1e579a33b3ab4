// Whether the API server of the workload cluster has answered, and can be asked — core
import { isOwned } from '../identity.ts'
import type { Observed } from '../observed.ts'
import { kubeconfigPlan } from './kubeconfig.ts'
import { isReady } from './pods.ts'

/** Never taken back. Not gated on the infrastructure: some infrastructure waits for us. */
export function isInitialized(observed: Observed): boolean {
  return observed.memory.initialized || observed.workloadAPI?.ready === true
}

/**
 * Whether asking the workload API makes sense: before a pod is ready nobody outside reaches it. Only with a
 * kubeconfig of ours that is as it should be: another's might lead anywhere, and its answer would be believed.
 */
export function isWorthProbing(observed: Observed): boolean {
  const { secrets, owner } = observed
  const isOurs = secrets.kubeconfig !== undefined && isOwned(secrets.kubeconfig, owner)
  return isOurs && kubeconfigPlan(observed) === 'keep' && observed.k0sPods.some(isReady)
}
