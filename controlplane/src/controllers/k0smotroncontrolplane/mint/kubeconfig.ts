// Mints the kubeconfig Secret — shell
import { type KubeSecret, NotOursError, Secret, type Shell } from '@k0smotron-ts/runtime'
import { issueLeaf } from '@k0smotron-ts/runtime/shell'
import { kubeconfigPlan, kubeconfigWait } from '../../../hosted/kubeconfig.ts'
import type { Observed } from '../../../hosted/observed.ts'
import { pemOf } from '../../../hosted/pki/certificate-facts.ts'
import { validity } from '../../../hosted/pki/certificates.ts'
import { parseKubeconfigSecret } from '../../../hosted/pki/kubeconfig-facts.ts'
import { type Credential, kubeconfigSecret } from '../../../hosted/render/kubeconfig.ts'
import { refusal, type Stored, store } from './store.ts'

const day = 24 * 60 * 60 * 1000

/** Signed from the cluster's authority: no pod has to be ready for it, and nobody is exec'd into. */
export async function mintKubeconfig(observed: Observed, shell: Shell): Promise<Stored[]> {
  if (kubeconfigWait(observed) || kubeconfigPlan(observed) === 'keep') return []
  const live = observed.secrets.kubeconfig
  if (live && !isOurs(observed, live)) return [refusal(live, new NotOursError(live))]
  const credential =
    kubeconfigPlan(observed) === 'rewrite' && live ? parseKubeconfigSecret(live).credential : await issue(observed)
  return [
    await store(shell, {
      secret: kubeconfigSecret(observed, credential),
      replaces: live,
      purpose: 'kubeconfig',
    }),
  ]
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

/** Authorities may be the user's; a kubeconfig of someone else is not overwritten. */
function isOurs({ controlPlane }: Observed, { metadata }: KubeSecret): boolean {
  return (
    metadata.ownerReferences?.some(({ controller, uid }) => controller && uid === controlPlane.metadata.uid) ?? false
  )
}
