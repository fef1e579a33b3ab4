// What a Lease says, and what may be written into it — core
import { expect, test } from 'vitest'
import { claimed, type Lease, leaseName, mayTake, microTime, released, sight } from './lease.ts'

const key = { namespace: 'k0smotron', name: 'lease' }
const now = new Date('2026-01-02T03:04:05.678Z')
const held = (by: string, spec: Lease['spec'] = {}): Lease => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { ...key, resourceVersion: '7' },
  spec: { holderIdentity: by, leaseDurationSeconds: 15, renewTime: microTime(now), leaseTransitions: 3, ...spec },
})

test.each([
  ['', 'd41d8cd98f00b204e9800998ecf8427e.k0smotron.io'],
  ['control-plane', 'f6ddf68f34963ade25bce356fc63d572.k0smotron.io'],
])('the lease of --enable-controller=%s has the name it has in k0smotron', (value, name) => {
  expect(leaseName(value)).toBe(name)
})

test('times have six digits', () => {
  expect(microTime(now)).toBe('2026-01-02T03:04:05.678000Z')
})

test.each<[string, Lease | undefined, number, boolean]>([
  ['there is none', undefined, 0, true],
  ['nobody holds it', held(''), 0, true],
  ['we hold it', held('me'), 0, true],
  ['another renewed it just now', held('other'), 0, false],
  ['another renewed it nearly a lease ago', held('other'), 14_999, false],
  ['another did not renew it for a lease', held('other'), 15_000, true],
  ['another holds it for longer than we would', held('other', { leaseDurationSeconds: 60 }), 15_000, false],
])('may be taken when %s', (_, lease, later, expected) => {
  const seen = sight(undefined, lease, 1_000)
  expect(mayTake(seen, 'me', 1_000 + later)).toBe(expected)
})

test('what counts is when we saw it change, not what time it says', () => {
  const inThePast = held('other', { renewTime: '1999-01-01T00:00:00.000000Z' })
  const first = sight(undefined, inThePast, 100)
  expect(sight(first, held('other', { renewTime: '1999-01-01T00:00:00.000000Z' }), 5_000).changedAt).toBe(100)
  expect(sight(first, held('other', { renewTime: '1999-01-01T00:00:02.000000Z' }), 5_000).changedAt).toBe(5_000)
})

test('a first claim creates it', () => {
  expect(claimed(undefined, { key, identity: 'me', now, leaseMs: 15_000 })).toEqual({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: key,
    spec: {
      holderIdentity: 'me',
      leaseDurationSeconds: 15,
      acquireTime: '2026-01-02T03:04:05.678000Z',
      renewTime: '2026-01-02T03:04:05.678000Z',
      leaseTransitions: 0,
    },
  })
})

test('a renewal keeps the time of acquisition, a takeover counts', () => {
  const acquireTime = '2026-01-01T00:00:00.000000Z'
  const later = { key, identity: 'me', now, leaseMs: 15_000 }
  expect(claimed(held('me', { acquireTime }), later)).toMatchObject({
    metadata: { resourceVersion: '7' },
    spec: { acquireTime, renewTime: microTime(now), leaseTransitions: 3 },
  })
  expect(claimed(held('other', { acquireTime }), later)).toMatchObject({
    metadata: { resourceVersion: '7' },
    spec: { holderIdentity: 'me', acquireTime: microTime(now), leaseTransitions: 4 },
  })
})

test('a released lease is anyone’s at once', () => {
  expect(mayTake(sight(undefined, released(held('me'), now), 0), 'other', 0)).toBe(true)
})
