// Names and addresses of labs — core
import { describe, expect, test } from 'vitest'
import {
  freeIndex,
  freeMachineAddress,
  isNamespaceOf,
  type LabPlan,
  machineNamespace,
  maxLabs,
  maxNodes,
  planLab,
  planNode,
} from './plan.ts'

const lab = (name: string, index = 0): LabPlan => planLab({ name, index, directory: `/labs/${name}` })
const indexes = Array.from({ length: maxLabs }, (_, index) => index)

const numberOf = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
const within = (inner: string, outer: string): boolean => {
  const [address = '', prefix = '32'] = inner.split('/')
  const [network = '', bits = '32'] = outer.split('/')
  const size = 2 ** (32 - Number(bits))
  const start = Math.floor(numberOf(network) / size)
  return Number(prefix) >= Number(bits) && Math.floor(numberOf(address) / size) === start
}

describe('a plan', () => {
  test.each(indexes)('keeps everything of lab %i in its own network, and its parts apart', index => {
    const plan = lab('lab', index)
    const { cidr, machineCidr, serviceCidr, podCidr, gateway, apiService, uplink } = plan.network
    const nodes = Array.from({ length: maxNodes }, (_, number) => planNode(plan, number + 1))
    for (const part of [machineCidr, serviceCidr, podCidr, uplink.host, uplink.lab])
      expect(within(part, cidr)).toBe(true)
    expect(within(gateway, machineCidr)).toBe(true)
    expect(within(apiService, serviceCidr)).toBe(true)
    for (const node of nodes) {
      expect(within(node.address, machineCidr)).toBe(true)
      expect(within(node.podCidr, podCidr)).toBe(true)
    }
    expect(new Set(nodes.map(node => node.podCidr)).size).toBe(maxNodes)
    const parts = [machineCidr, serviceCidr, podCidr, `${uplink.host}/30`]
    const overlaps = parts.flatMap(one => parts.filter(other => other !== one && within(one, other)))
    expect(overlaps).toEqual([])
  })

  test.each(indexes)('stays clear of the networks that k0s gives a workload cluster (lab %i)', index => {
    const { cidr } = lab('lab', index).network
    for (const network of ['10.244.0.0/16', '10.96.0.0/12']) {
      expect(within(cidr, network)).toBe(false)
      expect(within(network, cidr)).toBe(false)
    }
  })

  test.each(['', 'a b', 'Lab', '-lab', 'lab-', 'a/b', 'a.b', '../x', 'twenty-one-characters'])(
    'refuses the name %j',
    name => {
      expect(() => lab(name)).toThrow("A lab's name must match")
    },
  )
})

describe('namespaces', () => {
  test('of a lab are its own and those of its machines, not those of a lab with a longer name', () => {
    const plan = lab('a')
    expect(isNamespaceOf(plan, plan.namespace)).toBe(true)
    expect(isNamespaceOf(plan, machineNamespace(plan, 'b-c'))).toBe(true)
    expect(isNamespaceOf(plan, lab('a-b').namespace)).toBe(false)
    expect(isNamespaceOf(plan, machineNamespace(lab('a-b'), 'c'))).toBe(false)
    expect(isNamespaceOf(plan, 'a')).toBe(false)
  })
})

describe('freeIndex', () => {
  test.each([
    ['the first for the first lab', [], [], 0],
    ['the lowest gap', [0, 2], ['default', '127.0.0.0/8'], 1],
    ['past a network of the host', [0], ['10.201.7.0/24'], 2],
    ['past an address of the host', [], ['10.200.0.1'], 1],
    ['not past a network that only looks alike', [], ['10.2.0.0/16', '110.200.0.0/16'], 0],
    ['past a wider network of the host, which would lose a part', [], ['10.192.0.0/12'], 8],
    ['outside of 10.0.0.0/8 where the host has all of it', [], ['default', '10.0.0.0/8'], 16],
    ['the first where a VPN stands in for the default route', [], ['0.0.0.0/1', '128.0.0.0/1'], 0],
    ['none where the host has all of them', [], ['10.0.0.0/8', '198.18.0.0/15'], undefined],
    ['none when all are taken', indexes, [], undefined],
  ])('is %s', (_name, taken, networks, expected) => {
    expect(freeIndex(taken, networks)).toBe(expected)
  })
})

describe('freeMachineAddress', () => {
  test('is the lowest that is free, never a node, the router or the broadcast address', () => {
    const plan = lab('lab')
    const taken = new Set<string>()
    const nodes = Array.from({ length: maxNodes }, (_, number) => planNode(plan, number + 1).address)
    for (let count = 32; count <= 254; count++) taken.add(freeMachineAddress(plan, taken))
    expect(taken.size).toBe(223)
    expect([...taken].some(address => nodes.includes(address) || address === plan.network.gateway)).toBe(false)
    expect(() => freeMachineAddress(plan, taken)).toThrow('All machine addresses')
    taken.delete('10.200.0.99')
    expect(freeMachineAddress(plan, taken)).toBe('10.200.0.99')
  })
})
