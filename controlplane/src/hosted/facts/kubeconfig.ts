// What the kubeconfig Secret must say, and whether it does — core
import { controlPlaneCondition, decodeBase64, type ObjectMeta } from '@k0smotron-ts/api'
import type { KubeSecret, Wait } from '@k0smotron-ts/runtime'
import { metadataOf } from '../identity.ts'
import type { Observed } from '../observed.ts'
import { hasCertificates } from './certificates.ts'
import { urlOf } from './exposure.ts'

const { kubeconfigReason } = controlPlaneCondition

/**
 * What to do about the Secret: `issue` a new credential, `rewrite` it around the one it has (endpoint or authority
 * changed), or nothing.
 */
export type KubeconfigPlan = 'issue' | 'rewrite' | 'keep'

export function kubeconfigWait(observed: Observed): Wait | undefined {
  if (!observed.exposure.endpoint) {
    return { reason: kubeconfigReason.waitingForEndpoint, message: 'waiting for the control plane endpoint' }
  }
  if (!hasCertificates(observed, 'ca')) {
    const { ca } = observed.names
    return { reason: kubeconfigReason.waitingForCertificates, message: `waiting for a usable Secret ${ca}` }
  }
  return undefined
}

export function kubeconfigPlan(observed: Observed): KubeconfigPlan {
  const { kubeconfig, now, secrets } = observed
  if (!secrets.kubeconfig || !kubeconfig || kubeconfig.fault) return 'issue'
  if (kubeconfig.renewAt && kubeconfig.renewAt <= now) return 'issue'
  // made while the clock was ahead
  if (kubeconfig.notBefore && kubeconfig.notBefore > now) return 'issue'
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
  const metadata = metadataOf(observed, observed.names.kubeconfig, 'kubeconfig')
  return { ...metadata, labels: { ...labels, ...metadata.labels }, ...(annotations && { annotations }) }
}

export function serverURL(observed: Observed): string {
  const { endpoint } = observed.exposure
  return endpoint ? urlOf(endpoint) : ''
}

/** PEM text of the cluster's authority. */
export function authorityOf({ secrets }: Pick<Observed, 'secrets'>): string {
  return decodeBase64(secrets.ca?.data?.['tls.crt'])
}
