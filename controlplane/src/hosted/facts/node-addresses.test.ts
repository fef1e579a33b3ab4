import type { Node } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import { nodeAddresses } from './node-addresses.ts'

const node = (name: string, isReady: boolean, ...addresses: readonly [type: string, address: string][]): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  status: {
    addresses: addresses.map(([type, address]) => ({ type, address })),
    conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }],
  },
})
const down = node('a', false, ['InternalIP', '192.0.2.1'], ['ExternalIP', '203.0.113.1'])
const up = node('b', true, ['InternalIP', '192.0.2.2'], ['InternalIP', '2001:db8::2'], ['ExternalDNS', 'b.example'])

it('ready nodes come first, and of them the most public addresses', () => {
  expect(nodeAddresses([down, up])).toEqual(['b.example', '192.0.2.2', '2001:db8::2', '203.0.113.1', '192.0.2.1'])
})

it('a name that only the node knows counts for nothing', () => {
  expect(nodeAddresses([node('a', true, ['Hostname', 'a'])])).toEqual([])
})

it('the order does not depend on the order of the list', () => {
  const other = node('c', true, ['InternalIP', '192.0.2.3'])
  expect(nodeAddresses([other, up])).toEqual(nodeAddresses([up, other]))
})
