// The network of the workload cluster — core
import type { Observed } from '../../observed.ts'

/** The Cluster's network where the user's config is silent. Two families go where k0s expects the second one. */
export function networkOf(observed: Observed): object {
  const { network = {} } = observed.userConfig.spec ?? {}
  const { pods, services, serviceDomain } = observed.network ?? {}
  const podCIDR = byFamily(pods?.cidrBlocks)
  const serviceCIDR = byFamily(services?.cidrBlocks)
  return {
    ...firstOf('podCIDR', podCIDR),
    ...firstOf('serviceCIDR', serviceCIDR),
    ...(serviceDomain && { clusterDomain: serviceDomain }),
    ...(podCIDR.v4 &&
      podCIDR.v6 &&
      serviceCIDR.v6 && {
        dualStack: { enabled: true, IPv6podCIDR: podCIDR.v6, IPv6serviceCIDR: serviceCIDR.v6 },
      }),
    ...network,
  }
}

interface Families {
  readonly v4: string | undefined
  readonly v6: string | undefined
}

function byFamily(blocks: readonly string[] = []): Families {
  return { v4: blocks.find(block => !block.includes(':')), v6: blocks.find(block => block.includes(':')) }
}

function firstOf(key: string, { v4, v6 }: Families): object {
  const block = v4 ?? v6
  return block === undefined ? {} : { [key]: block }
}
