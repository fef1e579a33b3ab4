// What the bytes of a Secret with a certificate or key pair say, whatever the time — core
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import {
  type Certificate,
  countCertificates,
  faultOfSigningKey,
  type KubeSecret,
  parseCertificate,
  renewAt,
} from '@k0smotron-ts/runtime'
import type { Purpose } from '../observed.ts'
import { pemOf } from './certificate-facts.ts'
import { pemBlocks, readable, type TokenKeys, tokenKeysIn } from './token-keys.ts'

export interface Reading {
  readonly fault?: string
  /** Of an authority. */
  readonly fingerprint?: string
  readonly notBefore?: Date
  readonly notAfter?: Date
  /** Of a leaf: when two thirds of its life are over. */
  readonly renewAt?: Date
  /** Of an authority: from when on people are told that it ends. */
  readonly warnAt?: Date
  /** Of a leaf: the present authority did not sign it. */
  readonly signedByOther?: boolean
  /** Of a leaf: it was cut to the end of its authority. */
  readonly lastsAsAuthority?: boolean
  /** Of the pair that signs tokens. */
  readonly tokenKeys?: TokenKeys
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
  const { notBefore, notAfter } = certificate
  if (!certificate.matchesKey(pemOf(secret, 'tls.key'))) return { notAfter, fault: 'tls.key is not the key of tls.crt' }
  if (purpose === 'ca' || purpose === 'proxy' || purpose === 'etcd') return readAuthority(certificate, secret)
  const times = { notBefore, notAfter, renewAt: renewAt(certificate) }
  if (!authority) return { ...times, signedByOther: false }
  const issuer = pemOf(authority, 'tls.crt')
  const signedByOther = !certificate.isIssuedBy(issuer)
  return { ...times, signedByOther, ...(parseCertificate(issuer).notAfter <= notAfter && { lastsAsAuthority: true }) }
}

function readAuthority(certificate: Certificate, secret: KubeSecret): Reading {
  const { notBefore, notAfter, publicKeyFingerprint: fingerprint } = certificate
  const fault = faultOfAuthority(certificate, secret)
  if (fault !== undefined) return { notAfter, fault }
  return { fingerprint, notBefore, notAfter, warnAt: warnAtOf(certificate) }
}

function faultOfAuthority(certificate: Certificate, secret: KubeSecret): string | undefined {
  const count = countCertificates(pemOf(secret, 'tls.crt'))
  if (count > 1) return `tls.crt has ${count} certificates, and k0s reads one; leave a root that signs by itself`
  if (!certificate.isCa) return 'tls.crt is not a certificate authority'
  const unable = faultOfSigningKey(createPrivateKey(pemOf(secret, 'tls.key')), 'certificates')
  if (unable !== undefined) return unable
  return certificate.isRoot
    ? undefined
    : 'tls.crt was signed by another authority, which nobody here trusts; use a root'
}

const day = 24 * 60 * 60 * 1000

/** Half a year before its end; of one that lives for less than a year and a half, in the last third of its life. */
function warnAtOf(certificate: Certificate): Date {
  return new Date(Math.max(renewAt(certificate).getTime(), certificate.notAfter.getTime() - 182 * day))
}

/** As with kube-apiserver, `tls.crt` may hold further public keys: those of tokens that were signed before. */
function readKeyPair(secret: KubeSecret): Reading {
  const privateKey = readable(() => createPrivateKey(pemOf(secret, 'tls.key')))
  if (!privateKey) return { fault: 'tls.key is not a private key in PEM form' }
  const unable = faultOfSigningKey(privateKey, 'service account tokens')
  if (unable !== undefined) return { fault: unable }
  const own = createPublicKey(privateKey)
  const text = pemOf(secret, 'tls.crt')
  const isThere = pemBlocks(text).some(block =>
    isSame(
      readable(() => createPublicKey(block)),
      own,
    ),
  )
  return isThere ? { tokenKeys: tokenKeysIn(text) } : { fault: 'tls.crt is no public key of tls.key' }
}

/**
 * To compare keys of two kinds leaves an error behind in OpenSSL, which the next connection that reads then takes for its
 * own, and ends.
 */
function isSame(key: KeyObject | undefined, own: KeyObject): boolean {
  const kindOf = (one: KeyObject) => `${one.asymmetricKeyType} ${one.asymmetricKeyDetails?.namedCurve}`
  return key !== undefined && kindOf(key) === kindOf(own) && key.equals(own)
}
