// Private keys, whoever made them — shell
import { createPrivateKey, generateKeyPair, type KeyObject, type webcrypto } from 'node:crypto'
import { promisify } from 'node:util'
import { Secret } from '../secret.ts'

export interface KeyPair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** A key together with how it signs. */
export interface SigningKey {
  readonly privateKey: webcrypto.CryptoKey
  readonly algorithm: { readonly name: string; readonly hash: string }
}

const generate = promisify(generateKeyPair)

/** EC P-256: small, fast, and every Kubernetes component takes it. */
export function generateKeys(): Promise<KeyPair> {
  return generate('ec', { namedCurve: 'P-256' })
}

/** PKCS#8: the one form that Kubernetes, Cluster API and etcd all read. */
export function printPrivateKey(key: KeyObject): Secret<string> {
  return new Secret(key.export({ type: 'pkcs8', format: 'pem' }).toString())
}

export function printPublicKey(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString()
}

/** PKCS#1, SEC1 or PKCS#8, without a passphrase. */
export function readPrivateKey(pem: Secret<string>): KeyObject {
  try {
    return createPrivateKey(pem.reveal())
  } catch (cause) {
    throw new Error('not a private key in PEM form without a passphrase', { cause })
  }
}

const curves: Readonly<Record<string, { readonly namedCurve: string; readonly hash: string }>> = {
  prime256v1: { namedCurve: 'P-256', hash: 'SHA-256' },
  secp384r1: { namedCurve: 'P-384', hash: 'SHA-384' },
  secp521r1: { namedCurve: 'P-521', hash: 'SHA-512' },
}

/** SubjectPublicKeyInfo in DER. */
export function spkiOf(publicKey: KeyObject): Uint8Array<ArrayBuffer> {
  return new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))
}

/** RSA and the curves that X.509 is used with; others are refused by name. */
export function signingKey(key: KeyObject): SigningKey {
  if (key.asymmetricKeyType === 'rsa') {
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
    return { privateKey: key.toCryptoKey(algorithm, false, ['sign']), algorithm }
  }
  const curve = curves[key.asymmetricKeyDetails?.namedCurve ?? '']
  if (!curve) {
    const kind = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType
    throw new Error(`a ${kind} key cannot sign certificates here: RSA, P-256, P-384 and P-521 can`)
  }
  const algorithm = { name: 'ECDSA', namedCurve: curve.namedCurve }
  return { privateKey: key.toCryptoKey(algorithm, false, ['sign']), algorithm: { name: 'ECDSA', hash: curve.hash } }
}
