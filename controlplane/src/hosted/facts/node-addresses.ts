// Addresses of the hosting cluster's nodes, for NodePorts — core
import { isIP } from 'node:net'
import type { Node } from '@k0smotron-ts/runtime'

/** The most public kind first. */
const preference = ['ExternalDNS', 'ExternalIP', 'InternalIP']

/**
 * Ready nodes first, of one kind in the order of the nodes' names, so that every pass offers the same one. A NodePort
 * answers in the families of its Service only; any of the addresses leads to it.
 */
export function nodeAddresses(
  nodes: readonly Node[],
  families: readonly string[] = ['IPv4', 'IPv6'],
): readonly string[] {
  const sorted = nodes.toSorted(byName)
  return [true, false].flatMap(ready =>
    addressesOf(
      sorted.filter(node => isReady(node) === ready),
      families,
    ),
  )
}

function addressesOf(nodes: readonly Node[], families: readonly string[]): readonly string[] {
  const addresses = nodes.flatMap(({ status }) => status?.addresses ?? [])
  const fits = (address: string) => isIP(address) === 0 || families.includes(`IPv${isIP(address)}`)
  return preference.flatMap(wanted =>
    addresses.flatMap(({ type, address }) => (type === wanted && fits(address) ? address : [])),
  )
}

function isReady({ status }: Node): boolean {
  return status?.conditions?.some(one => one.type === 'Ready' && one.status === 'True') ?? false
}

function byName(a: Node, b: Node): number {
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1
}
