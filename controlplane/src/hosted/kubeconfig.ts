// Phase kubeconfig: the credential that Cluster API core and people use — core
import { controlPlaneCondition, hostPort } from '@k0smotron-ts/api'
import type { Outcome, Wait } from '@k0smotron-ts/runtime'
import { hasCertificates } from './certificates.ts'
import { endpointOf } from './exposure.ts'
import { namesFor } from './identity.ts'
import type { Observed } from './observed.ts'
import { done, waits } from './phase.ts'

const { anyPhaseReason, kubeconfigAvailable, kubeconfigReason } = controlPlaneCondition

/**
 * What to do about the Secret: `issue` a new credential, `rewrite` it around the one it has (endpoint or authority
 * changed), or nothing.
 */
export type KubeconfigPlan = 'issue' | 'rewrite' | 'keep'

/** Renders no object: a credential is minted, never applied. It exists before the API server answers: core polls for it. */
export function renderKubeconfig(observed: Observed): Outcome {
  const wait = kubeconfigWait(observed)
  if (wait) return waits(kubeconfigAvailable, wait)
  const { kubeconfig } = namesFor(observed)
  if (kubeconfigPlan(observed) === 'keep') {
    return done(kubeconfigAvailable, { reason: kubeconfigReason.available, message: `it is in Secret ${kubeconfig}` })
  }
  const refusal = observed.refusedSecrets[kubeconfig]
  return waits(kubeconfigAvailable, {
    reason: refusal ? anyPhaseReason.applyRefused : kubeconfigReason.waitingForCertificates,
    message: refusal ?? `waiting for Secret ${kubeconfig} to be written`,
  })
}

export function kubeconfigWait(observed: Observed): Wait | undefined {
  if (!endpointOf(observed)) {
    return { reason: kubeconfigReason.waitingForEndpoint, message: 'waiting for the control plane endpoint' }
  }
  if (!hasCertificates(observed, 'ca')) {
    const { ca } = namesFor(observed)
    return { reason: kubeconfigReason.waitingForCertificates, message: `waiting for a usable Secret ${ca}` }
  }
  return undefined
}

export function kubeconfigPlan(observed: Observed): KubeconfigPlan {
  const { kubeconfig, now, secrets } = observed
  if (!secrets.kubeconfig || !kubeconfig || kubeconfig.fault) return 'issue'
  if (kubeconfig.renewAt && kubeconfig.renewAt <= now) return 'issue'
  return kubeconfig.server === serverURL(observed) && kubeconfig.certificateAuthority === authorityOf(observed)
    ? 'keep'
    : 'rewrite'
}

export function serverURL(observed: Observed): string {
  const endpoint = endpointOf(observed)
  return endpoint ? `https://${hostPort(endpoint)}` : ''
}

/** PEM text of the cluster's authority. */
export function authorityOf({ secrets }: Pick<Observed, 'secrets'>): string {
  return Buffer.from(secrets.ca?.data?.['tls.crt'] ?? '', 'base64').toString()
}
