// Addresses of the hosting cluster's nodes, for NodePorts — core
import type { Node } from '@k0smotron-ts/runtime'

/** The most public kind first. */
const preference = ['ExternalDNS', 'ExternalIP', 'InternalIP']

/** Of one kind in the order of the nodes' names, so that every pass offers the same one. Any of them leads to the Service. */
export function nodeAddresses(nodes: readonly Node[]): readonly string[] {
  const addresses = nodes.toSorted(byName).flatMap(({ status }) => status?.addresses ?? [])
  return preference.flatMap(wanted => addresses.flatMap(({ type, address }) => (type === wanted ? address : [])))
}

function byName(a: Node, b: Node): number {
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1
}
