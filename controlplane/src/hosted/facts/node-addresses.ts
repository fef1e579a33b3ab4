// Addresses of the hosting cluster's nodes, for NodePorts — core
import type { Node } from '@k0smotron-ts/runtime'

/** The most public kind first. */
const preference = ['ExternalDNS', 'ExternalIP', 'InternalIP']

/**
 * Ready nodes first, of one kind in the order of the nodes' names, so that every pass offers the same one. Any of the
 * addresses leads to a NodePort.
 */
export function nodeAddresses(nodes: readonly Node[]): readonly string[] {
  const sorted = nodes.toSorted(byName)
  return [true, false].flatMap(ready => addressesOf(sorted.filter(node => isReady(node) === ready)))
}

function addressesOf(nodes: readonly Node[]): readonly string[] {
  const addresses = nodes.flatMap(({ status }) => status?.addresses ?? [])
  return preference.flatMap(wanted => addresses.flatMap(({ type, address }) => (type === wanted ? address : [])))
}

function isReady({ status }: Node): boolean {
  return status?.conditions?.some(one => one.type === 'Ready' && one.status === 'True') ?? false
}

function byName(a: Node, b: Node): number {
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1
}
