// The join token in its three forms, and its life — core
import { decodeJoinToken } from '@k0smotron-ts/api'
import { expect, test } from 'vitest'
import { certificate, cluster, joinToken, observed, secret } from '../../testing/observed.ts'
import {
  extensionDue,
  isRevoked,
  joinTokenSecret,
  joinTokenText,
  parseJoinToken,
  tokenPlan,
  workloadToken,
} from './join-token.ts'

const token = { id: 'abcdef', secret: '0123456789abcdef' }
const decoded = (data: Readonly<Record<string, string>> | undefined) =>
  Object.fromEntries(Object.entries(data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]))

test('the Secret here goes with the config, also when the cluster is moved', () => {
  const made = joinTokenSecret(observed(), token)
  expect(parseJoinToken(made)).toEqual(token)
  expect(made.metadata).toEqual({
    name: 'm1-join-token',
    namespace: 'team',
    labels: { 'cluster.x-k8s.io/cluster-name': 'prod', 'app.kubernetes.io/component': 'join-token' },
    ownerReferences: [
      {
        apiVersion: 'bootstrap.cluster.x-k8s.io/v1beta2',
        kind: 'K0sWorkerConfig',
        name: 'm1',
        uid: 'uid-of-config',
        controller: true,
      },
    ],
  })
})

test.each([
  ['nothing', {}],
  ['an id of another length', { 'token-id': 'abc', 'token-secret': token.secret }],
  ['capitals', { 'token-id': 'ABCDEF', 'token-secret': token.secret }],
  ['no secret', { 'token-id': token.id }],
])('%s is no token', (_, values) => {
  expect(parseJoinToken(secret('x', values))).toBeUndefined()
})

test('the Secret there is what kube-apiserver takes for a bootstrap token, and says whose it is', () => {
  const { metadata, type, data } = workloadToken(observed(), token)
  expect(type).toBe('bootstrap.kubernetes.io/token')
  expect(metadata).toEqual({
    name: 'bootstrap-token-abcdef',
    namespace: 'kube-system',
    labels: { 'k0smotron.io/worker-config': 'm1' },
  })
  expect(decoded(data)).toEqual({
    'token-id': 'abcdef',
    'token-secret': '0123456789abcdef',
    description: 'Worker bootstrap token of k0smotron for K0sWorkerConfig m1',
    'usage-bootstrap-authentication': 'true',
    'usage-bootstrap-api-auth': 'true',
    'usage-bootstrap-api-worker-calls': 'true',
    expiration: '2026-05-02T00:00:00Z',
  })
})

test('the file on the machine: endpoint, authority, token', () => {
  const v6 = { ...cluster, spec: { controlPlaneEndpoint: { host: 'fd00::1', port: 6443 } } }
  expect(decodeJoinToken(joinTokenText(observed({}, { cluster: v6 }), token))).toEqual({
    server: 'https://[fd00::1]:6443',
    certificateAuthority: certificate,
    token: 'abcdef.0123456789abcdef',
    role: 'worker',
  })
})

const expiring = (expiration: string) => secret('bootstrap-token-abcdef', { expiration })

test.each([
  ['none', undefined, 'create'],
  ['fresh', expiring('2026-05-01T23:59:00Z'), 'keep'],
  ['over the half of its life', expiring('2026-05-01T12:00:00Z'), 'extend'],
  ['over', expiring('2026-04-01T00:00:00Z'), 'extend'],
  ['no time', expiring('soon'), 'extend'],
])('%s: %s', (_, live, plan) => {
  expect(tokenPlan(observed(), live ? { token: live } : {})).toBe(plan)
})

test('it is extended at half its life', () => {
  expect(extensionDue(expiring('2026-05-02T00:00:00Z'))).toEqual(new Date('2026-05-01T12:00:00Z'))
})

test('that it is revoked is noted on it', () => {
  expect(isRevoked(joinToken)).toBe(false)
  expect(isRevoked({ ...joinToken, metadata: { annotations: { 'k0smotron.io/token-revoked': '' } } })).toBe(true)
})
