// The public keys of service account tokens, as kube-apiserver publishes them — core
import { createHash, createPublicKey, type KeyObject } from 'node:crypto'

/** A JSON Web Key; its members in the order in which kube-apiserver writes them. */
export type TokenKey = Readonly<Record<string, string>>

/** `tooMany`: more than are published, of which none is then: without some, good tokens would be refused. */
export type TokenKeys = readonly TokenKey[] | 'tooMany'

/** One key follows the other, now and then two at once; each costs whoever verifies a token. */
export const maxTokenKeys = 32
const maxCharacters = 128 * 1024

/**
 * As kube-apiserver reads its key file: keys in their order, other blocks left out. A key of a kind that signs no token here
 * is left out as well.
 */
export function tokenKeysIn(pem: string): TokenKeys {
  if (pem.length > maxCharacters) return 'tooMany'
  const blocks = pemBlocks(pem)
  if (blocks.length > maxTokenKeys) return 'tooMany'
  return blocks
    .map(block => (isRead(block) ? readable(() => createPublicKey(block)) : undefined))
    .map(key => key && tokenKeyOf(key))
    .filter(key => key !== undefined)
}

export function pemBlocks(pem: string): readonly string[] {
  return pem.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? []
}

/** By kube-apiserver too: this older form it passes over. */
function isRead(block: string): boolean {
  return !block.startsWith('-----BEGIN RSA PUBLIC KEY-----')
}

const algorithms: Readonly<Record<string, string>> = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' }

function tokenKeyOf(key: KeyObject): TokenKey | undefined {
  if (key.asymmetricKeyType !== 'rsa' && key.asymmetricKeyType !== 'ec') return undefined
  // a curve that no JSON Web Key can name is read as nothing
  const jwk: Partial<TokenKey> = readable(() => key.export({ format: 'jwk' }) as Partial<TokenKey>) ?? {}
  const { kty = '', crv = '', x = '', y = '', n = '', e = '' } = jwk
  const named = { use: 'sig', kty, kid: keyIdOf(key) }
  if (kty === 'RSA') return { ...named, alg: 'RS256', n, e }
  const { [crv]: alg } = algorithms
  return alg === undefined ? undefined : { ...named, crv, alg, x, y }
}

/** What the header of a token names its key by. */
function keyIdOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64url')
}

export function readable<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
