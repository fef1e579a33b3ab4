// The public keys of tokens, read by another implementation: tokens are signed and verified by `jose`
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createLocalJWKSet, exportJWK, type JSONWebKeySet, jwtVerify, SignJWT } from 'jose'
import { expect, it } from 'vitest'
import { maxTokenKeys, type TokenKey, tokenKeysIn } from './token-keys.ts'

interface Pair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}
const ec = (namedCurve: string): Pair => generateKeyPairSync('ec', { namedCurve })
const make = {
  RS256: (): Pair => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => ec('P-256'),
  ES384: () => ec('P-384'),
  ES512: () => ec('P-521'),
} as const
const [rsa, p256] = [make.RS256(), make.ES256()]
const pem = ({ publicKey }: Pair): string => publicKey.export({ type: 'spki', format: 'pem' }).toString()
const read = (text: string) => tokenKeysIn(text) as readonly TokenKey[]
const setOf = (text: string) => createLocalJWKSet({ keys: read(text) } as unknown as JSONWebKeySet)
const tokenOf = ({ privateKey }: Pair, header: { readonly alg: string; readonly kid?: string }) =>
  new SignJWT({}).setProtectedHeader(header).sign(privateKey)

it.each(Object.entries(make))(
  'a token that is signed with %s is verified by its published key',
  async (alg, newPair) => {
    const pair = newPair()
    const [key] = read(pem(pair))
    const header = { alg, kid: key?.kid ?? '' }
    const { protectedHeader } = await jwtVerify(await tokenOf(pair, header), setOf(pem(pair)))
    expect(protectedHeader).toEqual(header)
    expect(key).toMatchObject({ use: 'sig', alg, ...(await exportJWK(pair.publicKey)) })
    await expect(jwtVerify(await tokenOf(newPair(), header), setOf(pem(pair)))).rejects.toThrow('signature')
  },
)

it('while one key follows the other, tokens of both are verified, and of a third none', async () => {
  const text = `${pem(p256)}${pem(rsa)}`
  const [first, second] = read(text)
  await jwtVerify(await tokenOf(p256, { alg: 'ES256', kid: first?.kid ?? '' }), setOf(text))
  await jwtVerify(await tokenOf(rsa, { alg: 'RS256', kid: second?.kid ?? '' }), setOf(text))
  const third = ec('P-256')
  const [{ kid = '' } = {}] = read(pem(third))
  await expect(jwtVerify(await tokenOf(third, { alg: 'ES256', kid }), setOf(text))).rejects.toThrow('no applicable key')
})

/** The name is what openssl makes of it: `pkey -pubin -outform DER | dgst -sha256 -binary`, in base64url. */
it('a key is named by the hash of its encoding', () => {
  const known = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAENnSRyraF5vjD0LDYNTDZ5rx7xOTA
UE9oTc3GT9XrhLvLQuwbkUYmhivQhihqcwnAUQyf/RZnfqAq4bTqUP/6fg==
-----END PUBLIC KEY-----
`
  expect(read(known)[0]?.kid).toBe('sQ1UoWFTOfYqzEDAq95TkR-gwe94ObC3Re4AHTB3wPs')
})

it.each<[string, string]>([
  ['Ed25519', pem(generateKeyPairSync('ed25519'))],
  ['RSA-PSS', pem(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }))],
  ['P-224', pem(ec('secp224r1'))],
  ['secp256k1', pem(ec('secp256k1'))],
  ['the older form of RSA', rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
  ['parameters of a curve', '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n'],
])('a block that signs no token is left out: %s', (_, block) => {
  expect(read(`${block}${pem(p256)}`)).toEqual(read(pem(p256)))
})

it('of a private key only the public part is there', () => {
  const text = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  expect(read(text)).toEqual(read(pem(rsa)))
  expect(Object.keys(read(text)[0] ?? {})).toEqual(['use', 'kty', 'kid', 'alg', 'n', 'e'])
  expect(createPublicKey(text).equals(rsa.publicKey)).toBe(true)
})

it('of more keys than are published none is', () => {
  expect(read(pem(p256).repeat(maxTokenKeys))).toHaveLength(maxTokenKeys)
  expect(tokenKeysIn(pem(p256).repeat(maxTokenKeys + 1))).toBe('tooMany')
  expect(tokenKeysIn(`${pem(p256)}${' '.repeat(128 * 1024)}`)).toBe('tooMany')
})
