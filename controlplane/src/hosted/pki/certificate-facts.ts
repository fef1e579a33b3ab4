// Reads Secrets with certificates: what can be used, what is wrong with the rest, what is due — core
import { createPrivateKey } from 'node:crypto'
import { type KubeSecret, parseCertificate, renewAt } from '@k0smotron-ts/runtime'
import type { CertificateFacts, Purpose } from '../observed.ts'

/** What the bytes of a Secret say, whatever the time. */
export interface Reading {
  readonly fault?: string
  /** Of an authority. */
  readonly fingerprint?: string
  readonly notAfter?: Date
  /** When two thirds of its life are over. */
  readonly renewAt?: Date
  /** For a leaf: the present authority did not sign it. */
  readonly signedByOther?: boolean
}

/** What a Secret is judged by. */
export interface Judging {
  readonly now: Date
  /** Whether the Secret goes with the control plane: another's is used, and never renewed. */
  readonly isOurs: boolean
  /** Whether it goes with an earlier control plane of the same name. */
  readonly isOfPredecessor: boolean
}

/** PEM text under a key of a Secret; empty when the key is missing. */
export function pemOf(secret: KubeSecret | undefined, key: 'tls.crt' | 'tls.key'): string {
  return Buffer.from(secret?.data?.[key] ?? '', 'base64').toString()
}

/**
 * Authorities of users are checked like our own: k0s replaces one without its key by another, and says nothing.
 * `authority`: the Secret whose authority signs leaves.
 */
export function readCertificate(purpose: Purpose, secret: KubeSecret, authority: KubeSecret | undefined): Reading {
  const missing = (['tls.crt', 'tls.key'] as const).find(key => pemOf(secret, key) === '')
  if (missing) {
    return { fault: `key ${missing} is missing; put it there, or delete the Secret to have a new one made` }
  }
  try {
    return purpose === 'sa' ? readKeyPair(secret) : readPair(purpose, secret, authority)
  } catch {
    return { fault: 'tls.crt is not a certificate in PEM form' }
  }
}

function readPair(purpose: Exclude<Purpose, 'sa'>, secret: KubeSecret, authority: KubeSecret | undefined): Reading {
  const certificate = parseCertificate(pemOf(secret, 'tls.crt'))
  const { notAfter } = certificate
  if (!certificate.matchesKey(pemOf(secret, 'tls.key'))) return { notAfter, fault: 'tls.key is not the key of tls.crt' }
  const isAuthority = purpose === 'ca' || purpose === 'proxy' || purpose === 'etcd'
  if (isAuthority)
    return certificate.isCa
      ? { notAfter, fingerprint: certificate.publicKeyFingerprint }
      : { notAfter, fault: 'tls.crt is not a certificate authority' }
  const signedByOther = authority !== undefined && !certificate.isIssuedBy(pemOf(authority, 'tls.crt'))
  return { notAfter, renewAt: renewAt(certificate), signedByOther }
}

function readKeyPair(secret: KubeSecret): Reading {
  try {
    createPrivateKey(pemOf(secret, 'tls.key'))
    return {}
  } catch {
    return { fault: 'tls.key is not a private key in PEM form' }
  }
}

/** A leaf of ours that the present authority did not sign is due at once: nobody would accept it. */
export function factsOf(
  { fault, fingerprint, notAfter, renewAt: due, signedByOther }: Reading,
  { now, isOurs, isOfPredecessor }: Judging,
): CertificateFacts {
  if (isOfPredecessor) return { fault: 'belongs to an earlier control plane of this name, and goes with it' }
  const known = {
    ...(fault !== undefined && { fault }),
    ...(fingerprint !== undefined && { fingerprint }),
    ...(notAfter && { notAfter }),
  }
  if (fault !== undefined || !notAfter) return known
  if (due && isOurs) return { ...known, renewAt: signedByOther ? now : due }
  if (signedByOther) return { ...known, fault: "was not signed by the authority of this cluster's etcd" }
  return notAfter <= now ? { ...known, fault: `expired at ${notAfter.toISOString()}` } : known
}
