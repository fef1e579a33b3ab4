// Phase kubeconfig: the credential that Cluster API core and people use — core
import { controlPlaneCondition, hostPort, type ObjectMeta } from '@k0smotron-ts/api'
import { type KubeSecret, NotOursError, type Outcome, type Wait } from '@k0smotron-ts/runtime'
import { hasCertificates } from './certificates.ts'
import { exposureOf } from './exposure.ts'
import { isOwned, metadataOf, namesFor } from './identity.ts'
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
  const wait = kubeconfigWait(observed) ?? foreign(observed)
  if (wait) return waits(kubeconfigAvailable, wait)
  const { kubeconfig } = namesFor(observed)
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
  return { reason: anyPhaseReason.notOurs, message: new NotOursError(secrets.kubeconfig).message }
}

export function kubeconfigWait(observed: Observed): Wait | undefined {
  if (!exposureOf(observed).endpoint) {
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
  const isTrue = kubeconfig.server === serverURL(observed) && kubeconfig.certificateAuthority === authorityOf(observed)
  return isTrue && hasMetadata(secrets.kubeconfig, kubeconfigMetadata(observed)) ? 'keep' : 'rewrite'
}

/** Without its labels core does not see the Secret; what others put on it stays until it is written the next time. */
function hasMetadata({ metadata }: KubeSecret, { labels, annotations }: ObjectMeta): boolean {
  const has = (live: Marks = {}, wanted: Marks = {}) =>
    Object.entries(wanted).every(([key, value]) => live[key] === value)
  return has(metadata.labels, labels) && has(metadata.annotations, annotations)
}

type Marks = Readonly<Record<string, string>>

/** User metadata goes on this Secret and nowhere else; it cannot take our labels away. */
export function kubeconfigMetadata(observed: Observed): ObjectMeta {
  const { labels, annotations } = observed.spec.kubeconfigSecretMetadata ?? {}
  const metadata = metadataOf(observed, namesFor(observed).kubeconfig, 'kubeconfig')
  return { ...metadata, labels: { ...labels, ...metadata.labels }, ...(annotations && { annotations }) }
}

export function serverURL(observed: Observed): string {
  const { endpoint } = exposureOf(observed)
  return endpoint ? `https://${hostPort(endpoint)}` : ''
}

/** PEM text of the cluster's authority. */
export function authorityOf({ secrets }: Pick<Observed, 'secrets'>): string {
  return Buffer.from(secrets.ca?.data?.['tls.crt'] ?? '', 'base64').toString()
}
