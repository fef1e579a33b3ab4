import { expect, it } from 'vitest'
import { isOfAnother } from './identity.ts'

const kcp = { apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2', kind: 'K0smotronControlPlane', name: 'c' }
const standalone = { apiVersion: 'k0smotron.io/v1beta1', kind: 'Cluster', name: 'c' }
const tool = { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', name: 'c-ca' }

it.each([
  ['its own', [{ ...kcp, uid: 'own', controller: true }], false],
  ['one of its name before it', [{ ...kcp, uid: 'before', controller: true }], true],
  ['one of its name and of the other kind', [{ ...standalone, uid: 'beside', controller: true }], true],
  ['a tool that keeps it for a user', [{ ...tool, uid: 'tool', controller: true }], false],
  ['nobody', [], false],
  ['one that it only mentions', [{ ...standalone, uid: 'beside' }], false],
])('what %s controls', (_, ownerReferences, expected) => {
  const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'c-ca', ownerReferences } }
  expect(isOfAnother(object, { uid: 'own' })).toBe(expected)
})
