// Which private keys can sign — core
import type { KeyObject } from 'node:crypto'

const curves: readonly string[] = ['prime256v1', 'secp384r1', 'secp521r1']

/** Why the key cannot sign; `undefined` when it can. Kubernetes takes the same kinds for certificates and for tokens. */
export function faultOfSigningKey(
  { asymmetricKeyType, asymmetricKeyDetails }: KeyObject,
  what: string,
): string | undefined {
  const kind = asymmetricKeyDetails?.namedCurve ?? asymmetricKeyType ?? 'unknown'
  if (kind === 'rsa' || curves.includes(kind)) return undefined
  const article = /^([aeiou]|rsa)/.test(kind) ? 'an' : 'a'
  return `${article} ${kind} key cannot sign ${what} here: RSA, P-256, P-384 and P-521 can`
}
