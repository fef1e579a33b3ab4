import { k0smotronControlPlane, type ObjectKey, type ResourceType } from '@k0smotron-ts/api'
import { networkPolicies, nodes, secrets, services, statefulSets } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import { storageKey } from './stored.ts'

const key = { namespace: 'n', name: 'o' }

it.each<[ResourceType, ObjectKey, string]>([
  [secrets, key, '/secrets/n/o'],
  [services, key, '/services/specs/n/o'],
  [nodes, { name: 'o' }, '/minions/o'],
  [statefulSets, key, '/statefulsets/n/o'],
  [networkPolicies, key, '/networkpolicies/n/o'],
  [k0smotronControlPlane, key, '/controlplane.cluster.x-k8s.io/k0smotroncontrolplanes/n/o'],
])('where an API server keeps $kind', (type, at, expected) => {
  expect(storageKey(type, at)).toBe(expected)
})
