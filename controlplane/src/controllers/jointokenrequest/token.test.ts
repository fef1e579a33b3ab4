import { gunzipSync } from 'node:zlib'
import { decodeBase64, type JoinTokenRequest } from '@k0smotron-ts/api'
import { load } from 'js-yaml'
import { expect, it } from 'vitest'
import type { Issue } from './plan.ts'
import { tokenIn, tokenSecret } from './token.ts'

const request: JoinTokenRequest = {
  apiVersion: 'k0smotron.io/v1beta2',
  kind: 'JoinTokenRequest',
  metadata: { name: 'r', namespace: 'n', uid: 'u' },
  spec: { clusterName: 'c', role: 'controller' },
}
const issue = {
  target: { server: 'https://10.0.0.5:9443', certificateAuthority: 'PEM' },
  issuedAt: new Date('2026-05-01T00:00:00Z'),
} as Issue
const token = { id: '123456', secret: '1234567890123456' }
const made = tokenSecret(request, issue, token)

it('the Secret has the name, the labels and the key that k0smotron gives it', () => {
  expect(made).toMatchObject({
    type: 'Opaque',
    metadata: {
      name: 'r',
      namespace: 'n',
      labels: {
        'k0smotron.io/cluster': 'c',
        'k0smotron.io/role': 'controller',
        'k0smotron.io/token-request': 'r',
        'app.kubernetes.io/component': 'jointoken',
      },
      ownerReferences: [{ kind: 'JoinTokenRequest', name: 'r', controller: true }],
    },
  })
  expect(Object.keys(made.data ?? {})).toEqual(['token'])
})

it('the token is a kubeconfig in YAML, and of digits alone a text', () => {
  const text = gunzipSync(Buffer.from(decodeBase64(made.data?.token), 'base64')).toString()
  expect(load(text)).toEqual({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'k0s', cluster: { server: 'https://10.0.0.5:9443', 'certificate-authority-data': 'UEVN' } }],
    contexts: [{ name: 'k0s', context: { cluster: 'k0s', user: 'controller-bootstrap' } }],
    'current-context': 'k0s',
    users: [{ name: 'controller-bootstrap', user: { token: '123456.1234567890123456' } }],
  })
})

it.each([
  ['what was made', made, { ...token, role: 'controller' }],
  ['nothing', undefined, undefined],
  ['no key', { ...made, data: {} }, undefined],
  ['what is no token', { ...made, data: { token: 'AAAA' } }, undefined],
] as const)('read again from %s', (_, secret, expected) => {
  expect(tokenIn(secret)).toEqual(expected)
})
