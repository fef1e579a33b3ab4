// Phase certificates: authorities and leaf certificates are there and can be used — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import type { Outcome, Wait } from '@k0smotron-ts/runtime'
import { authoritiesOf, purposesOf } from '../datastore/datastore.ts'
import { earliestExpiry, endingAuthorities } from '../facts/certificates.ts'
import { annotationRemedy } from '../facts/remembered.ts'
import type { Authority, Observed } from '../observed.ts'
import { done, waits } from '../phase.ts'
import { secretNameOf } from '../pki/certificate-plan.ts'

const { certificatesAvailable, certificatesReason } = controlPlaneCondition

/** Renders no object: certificates are minted, never applied. */
export function renderCertificates(observed: Observed): Outcome {
  const wait = faultsOf(observed) ?? lostAuthorities(observed) ?? missing(observed)
  if (wait) return waits(certificatesAvailable, wait)
  const ending = endingAuthorities(observed)
  if (ending.length > 0) return done(certificatesAvailable, endsSoon(observed, ending))
  const expiry = earliestExpiry(observed)
  const message = expiry ? `the first expires at ${expiry.toISOString()}` : ''
  return done(certificatesAvailable, { reason: certificatesReason.available, message })
}

/** Still true: all of them can be used. */
function endsSoon({ certificates, names }: Observed, ending: readonly Authority[]): Wait {
  const which = ending.map(one => `${secretNameOf(names, one)} (${certificates[one]?.notAfter?.toISOString()})`)
  return {
    reason: certificatesReason.authorityEndsSoon,
    message: `the authorities in Secrets ${which.join(', ')} end soon, and nothing renews them: make their certificates anew with the same keys`,
  }
}

function faultsOf({ certificates, datastore, names }: Observed): Wait | undefined {
  const faults = purposesOf(datastore).flatMap(purpose => {
    const fault = certificates[purpose]?.fault
    return fault ? [`Secret ${secretNameOf(names, purpose)}: ${fault}`] : []
  })
  return faults.length === 0 ? undefined : { reason: certificatesReason.invalid, message: faults.join('; ') }
}

/** Never made anew: datastore, nodes and service accounts were made with the ones that are gone. */
function lostAuthorities(observed: Observed): Wait | undefined {
  const lost = authoritiesOf(observed.datastore).filter(authority => !observed.secrets[authority])
  if (lost.length === 0 || !observed.datastore.isFormed(observed)) return undefined
  const which = lost.map(authority => secretNameOf(observed.names, authority)).join(', ')
  return {
    reason: certificatesReason.authorityLost,
    message: `Secrets ${which} are gone, with which the control plane was made; restore them, new ones would cut off its datastore and its nodes${annotationRemedy(observed)}`,
  }
}

function missing(observed: Observed): Wait | undefined {
  const names = observed.names
  const which = purposesOf(observed.datastore)
    .filter(purpose => !observed.secrets[purpose])
    .map(purpose => secretNameOf(names, purpose))
  if (which.length === 0) return undefined
  return {
    reason: certificatesReason.waitingForCertificates,
    message: `waiting for Secrets ${which.join(', ')} to be made`,
  }
}
