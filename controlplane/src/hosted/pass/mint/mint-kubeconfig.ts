// The kubeconfig Secret, when it has to be made or written anew — shell
import { controlPlaneCondition } from '@k0smotron-ts/api'
import { type KubeSecret, Secret } from '@k0smotron-ts/runtime'
import { issueLeaf } from '@k0smotron-ts/runtime/shell'
import { authorityOf, kubeconfigPlan, kubeconfigWait } from '../../facts/kubeconfig.ts'
import { isOwned } from '../../identity.ts'
import type { Observed } from '../../observed.ts'
import { pemOf } from '../../pki/certificate-facts.ts'
import { validity } from '../../pki/certificate-plan.ts'
import { kubeconfigFacts, parseKubeconfigSecret } from '../../pki/kubeconfig-facts.ts'
import { type Credential, kubeconfigSecret } from '../../render/kubeconfig.ts'
import type { Storing } from './store.ts'

const day = 24 * 60 * 60 * 1000

/**
 * Signed from the cluster's authority: no pod has to be ready for it, and nobody is exec'd into. One of someone else is
 * left alone; the phase says so.
 */
export async function kubeconfigToStore(observed: Observed): Promise<Storing[]> {
  const live = observed.secrets.kubeconfig
  const isForeign = live !== undefined && !isOwned(live, observed.owner)
  if (kubeconfigWait(observed) || isForeign || kubeconfigPlan(observed) === 'keep') return []
  const isKept = kubeconfigPlan(observed) === 'rewrite' && live !== undefined
  const credential = isKept ? parseKubeconfigSecret(live).credential : await issue(observed)
  const { kubeconfigAvailable: concerns } = controlPlaneCondition
  return [{ purpose: 'kubeconfig', concerns, secret: usable(observed, kubeconfigSecret(observed, credential)) }]
}

/** One that the next pass would find at fault would be written again in every pass, each time with a new key. */
function usable(observed: Observed, secret: KubeSecret): KubeSecret {
  const { fault } = kubeconfigFacts(secret, authorityOf(observed))
  if (fault !== undefined) throw new Error(`made a kubeconfig that cannot be used: ${fault}`)
  return secret
}

async function issue(observed: Observed): Promise<Credential> {
  const { ca } = observed.secrets
  const { certificate, privateKey } = await issueLeaf({
    subject: { commonName: 'kubernetes-admin', organizations: ['system:masters'] },
    usages: ['clientAuth'],
    validityMs: validity.leafDays * day,
    now: observed.now,
    issuer: { certificate: pemOf(ca, 'tls.crt'), privateKey: new Secret(pemOf(ca, 'tls.key')) },
  })
  return { certificate, privateKey: privateKey.reveal() }
}
