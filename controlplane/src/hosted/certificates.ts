// Phase certificates: authorities and leaf certificates are there and can be used — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import type { Outcome, Wait } from '@k0smotron-ts/runtime'
import { namesFor } from './identity.ts'
import { authorities, leaves, type Observed, type Purpose } from './observed.ts'
import { done, waits } from './phase.ts'
import { secretNameOf } from './pki/certificates.ts'

const { anyPhaseReason, certificatesAvailable, certificatesReason } = controlPlaneCondition

const purposes: readonly Purpose[] = [...authorities, ...leaves]

/** Renders no object: certificates are minted, never applied. */
export function renderCertificates(observed: Observed): Outcome {
  const names = namesFor(observed)
  const faults = purposes.flatMap(purpose => {
    const fault = observed.certificates[purpose]?.fault
    return fault ? [`Secret ${secretNameOf(names, purpose)}: ${fault}`] : []
  })
  if (faults.length > 0) {
    return waits(certificatesAvailable, { reason: certificatesReason.invalid, message: faults.join('; ') })
  }
  const missing = purposes.filter(purpose => !observed.secrets[purpose]).map(purpose => secretNameOf(names, purpose))
  return (
    refusal(observed, missing) ??
    (missing.length > 0 ? waits(certificatesAvailable, waitFor(missing)) : done(certificatesAvailable, valid(observed)))
  )
}

function valid(observed: Observed): Wait {
  const expiry = earliestExpiry(observed)
  return { reason: certificatesReason.available, message: expiry ? `the first expires at ${expiry.toISOString()}` : '' }
}

function waitFor(missing: readonly string[]): Wait {
  const message = `waiting for Secrets ${missing.join(', ')} to be made`
  return { reason: certificatesReason.waitingForCertificates, message }
}

function refusal({ refusedSecrets }: Observed, missing: readonly string[]): Outcome | undefined {
  const words = missing.flatMap(name => refusedSecrets[name] ?? [])
  if (words.length === 0) return undefined
  return waits(certificatesAvailable, { reason: anyPhaseReason.applyRefused, message: words.join('; ') })
}

/** Whether all of these are there and usable. */
export function hasCertificates({ secrets, certificates }: Observed, ...needed: readonly Purpose[]): boolean {
  return needed.every(purpose => secrets[purpose] && !certificates[purpose]?.fault)
}

/** When the first of our certificates expires; an authority's expiry is the control plane's end. */
export function earliestExpiry({ certificates }: Observed): Date | undefined {
  const times = Object.values(certificates).flatMap(({ notAfter }) => (notAfter ? [notAfter.getTime()] : []))
  return times.length === 0 ? undefined : new Date(Math.min(...times))
}

/** When the next leaf certificate is due for renewal: a real deadline, nothing else tells us. */
export function nextRenewal({ certificates }: Observed): Date | undefined {
  const times = leaves.flatMap(leaf => certificates[leaf]?.renewAt?.getTime() ?? [])
  return times.length === 0 ? undefined : new Date(Math.min(...times))
}
