// Phase kubeconfig: the credential that Cluster API core and people use — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import { NotOursError, type Outcome, type Wait } from '@k0smotron-ts/runtime'
import { kubeconfigPlan, kubeconfigWait } from '../facts/kubeconfig.ts'
import { isOwned } from '../identity.ts'
import type { Observed } from '../observed.ts'
import { done, waits } from '../phase.ts'

const { anyPhaseReason, kubeconfigAvailable, kubeconfigReason } = controlPlaneCondition

/** Renders no object: a credential is minted, never applied. It exists before the API server answers: core polls for it. */
export function renderKubeconfig(observed: Observed): Outcome {
  const wait = kubeconfigWait(observed) ?? foreign(observed)
  if (wait) return waits(kubeconfigAvailable, wait)
  const { kubeconfig } = observed.names
  const message = `it is in Secret ${kubeconfig}`
  if (kubeconfigPlan(observed) === 'keep')
    return done(kubeconfigAvailable, { reason: kubeconfigReason.available, message })
  return waits(kubeconfigAvailable, {
    reason: kubeconfigReason.waitingForCertificates,
    message: `waiting for Secret ${kubeconfig} to be written`,
  })
}

function foreign({ secrets, owner }: Observed): Wait | undefined {
  if (!secrets.kubeconfig || isOwned(secrets.kubeconfig, owner)) return undefined
  const isFree = !secrets.kubeconfig.metadata.ownerReferences?.length
  const remedy = isFree ? 'delete it, and a new one is made' : undefined
  return { reason: anyPhaseReason.notOurs, message: new NotOursError(secrets.kubeconfig, remedy).message }
}
