// The object list of a control plane — core
import { expect, test } from 'vitest'
import { differences, listed } from './object-list.ts'

test.each([
  ['Secret', 'c-7-ca', 'Secret <cluster>-ca'],
  ['StatefulSet', 'kmc-c-7', 'StatefulSet kmc-<cluster>'],
  ['ConfigMap', 'kmc-c-7-config-0123abcd45', 'ConfigMap kmc-<cluster>-config-<hash>'],
])('%s %s is listed without what is its own', (kind, name, expected) => {
  expect(listed({ kind, metadata: { name } }, 'c-7')).toBe(expected)
})

test('what is missing and what is too much is said with its cluster', () => {
  const found = new Map([
    ['a', new Set(['Secret x', 'Service y'])],
    ['b', new Set(['Service y', 'Service z'])],
  ])
  expect(differences(found, ['Secret x', 'Service y'])).toEqual(['b has no Secret x', 'b has Service z too'])
})
