// The join token in the management cluster, and as the machine gets it — core
import { decodeJoinToken, tokenInData } from '@k0smotron-ts/api'
import { expect, test } from 'vitest'
import { certificate, joinToken, observed } from '../../../testing/observed.ts'
import { isRevoked, joinTokenSecret, joinTokenText } from './join-token.ts'

const token = { id: 'abcdef', secret: '0123456789abcdef' }

test('the Secret goes with the config, also when the cluster is moved', () => {
  const made = joinTokenSecret(observed(), token)
  expect(tokenInData(made.data)).toEqual(token)
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

test('the file on the machine: endpoint, authority, token', () => {
  const target = { server: 'https://[fd00::1]:6443', certificateAuthority: certificate }
  expect(decodeJoinToken(joinTokenText(target, token))).toEqual({
    ...target,
    token: 'abcdef.0123456789abcdef',
    role: 'worker',
  })
})

test('that it is revoked is noted on it', () => {
  expect(isRevoked(joinToken)).toBe(false)
  expect(isRevoked({ ...joinToken, metadata: { annotations: { 'k0smotron.io/token-revoked': '' } } })).toBe(true)
})
