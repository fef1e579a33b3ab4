// Whether a certificate comes to its end without having been renewed — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import type { ConditionDraft } from '@k0smotron-ts/runtime'
import { purposesOf } from '../datastore/datastore.ts'
import type { CertificateFacts, Observed } from '../observed.ts'
import { secretNameOf } from '../pki/certificate-plan.ts'

const { certificatesExpiring: type, expiringReason } = controlPlaneCondition

/** None while no certificate is there. */
export function expiringCondition({ certificates, datastore, names, now }: Observed): ConditionDraft[] {
  const known = purposesOf(datastore).flatMap(purpose => {
    const facts = certificates[purpose]
    return facts ? [{ facts, secret: secretNameOf(names, purpose) }] : []
  })
  if (known.length === 0) return []
  const expiring = known.filter(({ facts }) => isExpiring(facts, now))
  if (expiring.length > 0) {
    const which = expiring.map(({ facts, secret }) => `${secret} (${facts.notAfter?.toISOString()})`)
    return [{ type, status: 'True', reason: expiringReason.expiring, message: `Secrets ${which.join(', ')}` }]
  }
  const unreadable = known.filter(({ facts }) => facts.fault !== undefined).map(({ secret }) => secret)
  return unreadable.length > 0
    ? [{ type, status: 'Unknown', reason: expiringReason.unreadable, message: `Secrets ${unreadable.join(', ')}` }]
    : [{ type, status: 'False', reason: expiringReason.notExpiring, message: '' }]
}

function isExpiring({ notAfter, renewAt, endsSoon }: CertificateFacts, now: Date): boolean {
  return notAfter !== undefined && (notAfter <= now || endsSoon === true || (renewAt !== undefined && renewAt <= now))
}
