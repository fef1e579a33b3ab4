// Reads Secrets with certificates: what can be used, what is wrong with the rest — core
import { createPrivateKey } from 'node:crypto'
import { type KubeSecret, parseCertificate, renewAt } from '@k0smotron-ts/runtime'
import type { CertificateFacts, Purpose } from '../observed.ts'

/** PEM text under a key of a Secret; empty when the key is missing. */
export function pemOf(secret: KubeSecret | undefined, key: 'tls.crt' | 'tls.key'): string {
  return Buffer.from(secret?.data?.[key] ?? '', 'base64').toString()
}

/**
 * Authorities of users are checked like our own: k0s replaces one without its key by another, and says nothing. What
 * depends on the time is left to `asOf`.
 */
export function certificateFacts(purpose: Purpose, secret: KubeSecret): CertificateFacts {
  for (const key of ['tls.crt', 'tls.key'] as const) {
    if (pemOf(secret, key) === '')
      return { fault: `key ${key} is missing; put it there, or delete the Secret to have a new one made` }
  }
  try {
    return purpose === 'sa' ? keyPairFacts(secret) : factsOf(purpose, secret)
  } catch {
    return { fault: 'tls.crt is not a certificate in PEM form' }
  }
}

function factsOf(purpose: Purpose, secret: KubeSecret): CertificateFacts {
  const certificate = parseCertificate(pemOf(secret, 'tls.crt'))
  const { notAfter, isCa } = certificate
  const times = { notAfter, renewAt: renewAt(certificate) }
  if (!certificate.matchesKey(pemOf(secret, 'tls.key'))) return { ...times, fault: 'tls.key is not the key of tls.crt' }
  return isAuthority(purpose) && !isCa ? { ...times, fault: 'tls.crt is not a certificate authority' } : times
}

function isAuthority(purpose: Purpose): boolean {
  return purpose === 'ca' || purpose === 'proxy' || purpose === 'etcd'
}

/** An authority that is over is no good; a leaf is renewed before. */
export function asOf(now: Date, purpose: Purpose, facts: CertificateFacts): CertificateFacts {
  const { fault, notAfter } = facts
  if (fault || !notAfter || !isAuthority(purpose) || notAfter > now) return facts
  return { ...facts, fault: `expired at ${notAfter.toISOString()}` }
}

function keyPairFacts(secret: KubeSecret): CertificateFacts {
  try {
    createPrivateKey(pemOf(secret, 'tls.key'))
    return {}
  } catch {
    return { fault: 'tls.key is not a private key in PEM form' }
  }
}
