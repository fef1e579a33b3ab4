import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeJoinToken, encodeJoinToken, type JoinToken } from './join-token.ts'

const joinToken: fc.Arbitrary<JoinToken> = fc.record({
  server: fc.webUrl({ validSchemes: ['https'] }),
  certificateAuthority: fc.string({ unit: 'binary' }),
  token: fc.stringMatching(/^[a-z0-9]{6}\.[a-z0-9]{16}$/),
  role: fc.constantFrom('worker', 'controller'),
})

it('decodes what it encoded, and encodes the same bytes twice', () => {
  fc.assert(
    fc.property(joinToken, token => {
      const text = encodeJoinToken(token)
      expect(decodeJoinToken(text)).toEqual(token)
      expect(encodeJoinToken(token)).toBe(text)
      expect(text).toMatch(/^[A-Za-z0-9+/]+={0,2}$/)
    }),
  )
})

it('is a gzipped kubeconfig whose user k0s takes for a worker, with a line for each field', () => {
  const text = encodeJoinToken({
    server: 'https://10.0.0.5:30443',
    certificateAuthority: 'PEM',
    token: '123456.1234567890123456',
    role: 'worker',
  })
  expect(gunzipSync(Buffer.from(text, 'base64')).toString()).toBe(`apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: UEVN
    server: https://10.0.0.5:30443
  name: k0s
contexts:
- context:
    cluster: k0s
    user: kubelet-bootstrap
  name: k0s
current-context: k0s
kind: Config
users:
- name: kubelet-bootstrap
  user:
    token: "123456.1234567890123456"
`)
})

it('reads what releases before wrote', () => {
  const kubeconfig = {
    clusters: [{ cluster: { server: 'https://a', 'certificate-authority-data': 'UEVN' } }],
    users: [{ name: 'kubelet-bootstrap', user: { token: 'abcdef.0123456789abcdef' } }],
  }
  expect(decodeJoinToken(gzipSync(JSON.stringify(kubeconfig)).toString('base64'))).toEqual({
    server: 'https://a',
    certificateAuthority: 'PEM',
    token: 'abcdef.0123456789abcdef',
    role: 'worker',
  })
})

it('takes no token of another user', () => {
  const kubeconfig = {
    clusters: [{ cluster: { server: 'https://a', 'certificate-authority-data': 'UEVN' } }],
    users: [{ name: 'admin', user: { token: 'abcdef.0123456789abcdef' } }],
  }
  const token = gzipSync(JSON.stringify(kubeconfig)).toString('base64')
  expect(() => decodeJoinToken(token)).toThrow('not for admin')
})
