// Private keys, whoever made them — shell
import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { AlgorithmIdentifier } from '@peculiar/asn1-x509'
import { Secret } from '../secret.ts'
import { IssueError } from './issue-error.ts'
import { faultOfSigningKey } from './signing-fault.ts'

export interface KeyPair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** A key together with how it signs. */
export interface SigningKey {
  readonly privateKey: KeyObject
  readonly hash: string
  /** How the certificate calls it. */
  readonly algorithm: AlgorithmIdentifier
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
    throw new IssueError('not a private key in PEM form without a passphrase', { cause })
  }
}

/** SubjectPublicKeyInfo in DER. */
export function spkiOf(publicKey: KeyObject): Uint8Array<ArrayBuffer> {
  return new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))
}

const ecdsaWith = (hash: string, oid: string) => ({ hash, algorithm: new AlgorithmIdentifier({ algorithm: oid }) })

/** By the name of the curve. */
const ecdsa: Readonly<Record<string, Omit<SigningKey, 'privateKey'>>> = {
  prime256v1: ecdsaWith('sha256', '1.2.840.10045.4.3.2'),
  secp384r1: ecdsaWith('sha384', '1.2.840.10045.4.3.3'),
  secp521r1: ecdsaWith('sha512', '1.2.840.10045.4.3.4'),
}

const rsa: Omit<SigningKey, 'privateKey'> = {
  hash: 'sha256',
  algorithm: new AlgorithmIdentifier({ algorithm: '1.2.840.113549.1.1.11', parameters: null }),
}

/** RSA and the curves that X.509 is used with; others are refused by name. */
export function signingKey(privateKey: KeyObject): SigningKey {
  const fault = faultOfSigningKey(privateKey, 'certificates')
  if (fault !== undefined) throw new IssueError(fault)
  return { privateKey, ...(ecdsa[privateKey.asymmetricKeyDetails?.namedCurve ?? ''] ?? rsa) }
}
