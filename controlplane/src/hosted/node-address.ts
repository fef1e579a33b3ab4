// An address of the hosting cluster's nodes, for NodePorts — core
import type { K0smotronControlPlane } from '@k0smotron-ts/api'
import type { Node } from '@k0smotron-ts/runtime'

/** The most public kind first; of one kind the first node by name, so that every pass takes the same. */
const preference = ['ExternalDNS', 'ExternalIP', 'InternalIP'] as const

/** `undefined` unless the control plane needs one. */
export function nodeAddressOf({ spec }: K0smotronControlPlane, nodes: readonly Node[]): string | undefined {
  if (spec.service?.type !== 'NodePort' || spec.externalAddress) return undefined
  const addresses = [...nodes].sort(byName).flatMap(({ status }) => status?.addresses ?? [])
  for (const wanted of preference) {
    const found = addresses.find(({ type }) => type === wanted)
    if (found) return found.address
  }
  return undefined
}

function byName(a: Node, b: Node): number {
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1
}
