// Bootstrap tokens in a workload cluster: made once, known by their label, taken back — shell
import type { KubeObject } from '@k0smotron-ts/api'
import { expect, test } from 'vitest'
import { ApiError } from '../client/api-error.ts'
import type { Client } from '../client/types.ts'
import type { KubeSecret } from '../kinds.ts'
import { extensionDue, workloadToken } from './workload-token.ts'
import { isTokenKnown, projectToken, revokeToken } from './writes.ts'

const subject = { label: 'example.org/of', value: 'm1', description: 'A token of m1' }
const token = { id: 'abcdef', secret: '0123456789abcdef' }
const now = new Date('2026-05-01T00:00:00Z')
const made = workloadToken(subject, token, now)
const decoded = (data: Readonly<Record<string, string>> | undefined) =>
  Object.fromEntries(Object.entries(data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]))

test('the Secret is what kube-apiserver takes for a bootstrap token, and says whose it is', () => {
  const { metadata, type, data } = made
  expect(type).toBe('bootstrap.kubernetes.io/token')
  expect(metadata).toEqual({
    name: 'bootstrap-token-abcdef',
    namespace: 'kube-system',
    labels: { 'example.org/of': 'm1' },
  })
  expect(decoded(data)).toEqual({
    'token-id': 'abcdef',
    'token-secret': '0123456789abcdef',
    description: 'A token of m1',
    'usage-bootstrap-authentication': 'true',
    'usage-bootstrap-api-auth': 'true',
    'usage-bootstrap-api-worker-calls': 'true',
    expiration: '2026-05-02T00:00:00Z',
  })
})

test('it is extended at half its life; a time that cannot be read is over', () => {
  expect(extensionDue(made)).toEqual(new Date('2026-05-01T12:00:00Z'))
  expect(extensionDue({ ...made, data: {} })).toEqual(new Date(0))
})

/** A workload cluster with that one Secret, or none. */
function workload(live?: KubeSecret) {
  const deleted: unknown[] = []
  const client = {
    create: async (_: unknown, object: KubeObject) => {
      if (live) throw new ApiError({ reason: 'AlreadyExists', message: 'there is one', request: 'POST x' })
      return object
    },
    get: async () => live,
    delete: async (_: unknown, key: object, options: object) => void deleted.push({ ...key, ...options }),
  } as unknown as Client
  return { client, deleted }
}

const stranger = { ...made, metadata: { ...made.metadata, labels: { 'example.org/of': 'm2' } } }

test.each<[string, KubeSecret | undefined, KubeSecret | undefined]>([
  ['where there is none, it is made', undefined, made],
  ['one that a pass before made is fine', made, made],
  ['one of somebody else is not taken over', stranger, undefined],
  [
    'one with another secret is not either',
    workloadToken(subject, { ...token, secret: 'f'.repeat(16) }, now),
    undefined,
  ],
])('%s', async (_, live, result) => {
  expect(await projectToken(workload(live).client, subject, { token, now })).toEqual(result)
})

test.each<[string, KubeSecret | undefined, readonly unknown[]]>([
  ['it is deleted, this very one', { ...made, metadata: { ...made.metadata, uid: 'u' } }, [{ uid: 'u' }]],
  ['one that is gone is fine', undefined, []],
  ['one of somebody else stays, whatever the Secret here names', stranger, []],
])('revoked: %s', async (_, live, expected) => {
  const { client, deleted } = workload(live)
  await revokeToken(client, subject, token)
  expect(deleted).toEqual(expected.map(one => expect.objectContaining(one as object)))
})

test.each<[string, KubeSecret | undefined, boolean]>([
  ['this very one', made, true],
  ['none', undefined, false],
  ['one of somebody else', stranger, false],
  ['one with another secret', workloadToken(subject, { ...token, secret: 'f'.repeat(16) }, now), false],
])('whether the workload cluster knows it: %s', async (_, live, expected) => {
  expect(await isTokenKnown(workload(live).client, subject, token)).toBe(expected)
})
