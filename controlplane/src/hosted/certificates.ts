// Phase certificates: authorities and leaf certificates are there and can be used — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import type { Outcome, Wait } from '@k0smotron-ts/runtime'
import { isDatastoreFormed } from './datastore-formed.ts'
import { namesFor } from './identity.ts'
import { authorities, leaves, type Observed, type Purpose } from './observed.ts'
import { done, waits } from './phase.ts'
import { secretNameOf } from './pki/certificate-plan.ts'

const { certificatesAvailable, certificatesReason } = controlPlaneCondition

const purposes: readonly Purpose[] = [...authorities, ...leaves]

/** Renders no object: certificates are minted, never applied. */
export function renderCertificates(observed: Observed): Outcome {
  const wait = faultsOf(observed) ?? lostAuthorities(observed) ?? missing(observed)
  if (wait) return waits(certificatesAvailable, wait)
  const expiry = earliestExpiry(observed)
  const message = expiry ? `the first expires at ${expiry.toISOString()}` : ''
  return done(certificatesAvailable, { reason: certificatesReason.available, message })
}

function faultsOf({ certificates, ...observed }: Observed): Wait | undefined {
  const names = namesFor(observed)
  const faults = purposes.flatMap(purpose => {
    const fault = certificates[purpose]?.fault
    return fault ? [`Secret ${secretNameOf(names, purpose)}: ${fault}`] : []
  })
  return faults.length === 0 ? undefined : { reason: certificatesReason.invalid, message: faults.join('; ') }
}

/** Never made anew: datastore, nodes and service accounts were made with the ones that are gone. */
function lostAuthorities(observed: Observed): Wait | undefined {
  const lost = authorities.filter(authority => !observed.secrets[authority])
  if (lost.length === 0 || !isDatastoreFormed(observed)) return undefined
  const which = lost.map(authority => secretNameOf(namesFor(observed), authority)).join(', ')
  return {
    reason: certificatesReason.authorityLost,
    message: `Secrets ${which} are gone, with which the control plane was made; restore them, new ones would cut off its datastore and its nodes`,
  }
}

function missing(observed: Observed): Wait | undefined {
  const names = namesFor(observed)
  const which = purposes.filter(purpose => !observed.secrets[purpose]).map(purpose => secretNameOf(names, purpose))
  if (which.length === 0) return undefined
  return {
    reason: certificatesReason.waitingForCertificates,
    message: `waiting for Secrets ${which.join(', ')} to be made`,
  }
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

/**
 * When the next leaf certificate or the kubeconfig is due: a real deadline, nothing else tells us. One that is due
 * already could not be renewed, and what stands against that is watched.
 */
export function nextRenewal({ certificates, kubeconfig, now }: Observed): Date | undefined {
  const times = [...leaves.map(leaf => certificates[leaf]), kubeconfig].flatMap(facts => facts?.renewAt ?? [])
  const future = times.filter(time => time > now).map(time => time.getTime())
  return future.length === 0 ? undefined : new Date(Math.min(...future))
}
