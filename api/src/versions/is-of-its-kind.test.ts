import { expect, it } from 'vitest'
import { isOfItsKind } from './is-of-its-kind.ts'

const group = 'controlplane.cluster.x-k8s.io'
const object = (version: string, more: object) => ({
  apiVersion: `${group}/${version}`,
  kind: 'K0smotronControlPlane',
  metadata: { name: 'a' },
  ...more,
})

it.each([
  ['a spec', object('v1beta2', { spec: { storage: { type: 'nats' } } }), true],
  ['one of the older version', object('v1beta1', { spec: { etcd: {} } }), true],
  ['no spec', object('v1beta2', {}), true],
  ['a field of the other version', object('v1beta2', { spec: { etcd: {} } }), false],
  ['a number for a text', object('v1beta2', { spec: { version: 7 } }), false],
  ['a text for a list in the status', object('v1beta2', { status: { versions: 'x' } }), false],
  ['another kind', { ...object('v1beta2', {}), kind: 'Pod' }, false],
  ['another version', object('v1', {}), false],
])('%s', (_, given, expected) => expect(isOfItsKind(given)).toBe(expected))
