// The network of the workload cluster — core
import type { HostedInput } from '../../input.ts'
import type { UserConfig } from './user-config.ts'

/** As k0s's configuration has it. */
export interface Network {
  readonly podCIDR?: string
  readonly serviceCIDR?: string
  readonly clusterDomain?: string
  readonly provider?: string
  /** Without `enabled` its blocks mean nothing. */
  readonly dualStack?: {
    readonly enabled?: boolean
    readonly IPv6podCIDR?: string
    readonly IPv6serviceCIDR?: string
  }
}

/** The Cluster's network where the user's config is silent. Two families go where k0s expects the second one. */
export function networkOf({ network: given }: Pick<HostedInput, 'network'>, { spec }: UserConfig): Network {
  const { serviceDomain } = given ?? {}
  const { pods, services } = {
    pods: byFamily(given?.pods?.cidrBlocks),
    services: byFamily(given?.services?.cidrBlocks),
  }
  const first = pods.v4 && services.v4 ? 'v4' : pods.v6 && services.v6 ? 'v6' : undefined
  const isDual = pods.v4 && services.v4 && pods.v6 && services.v6
  return {
    ...firstOf('podCIDR', pods, first),
    ...firstOf('serviceCIDR', services, first),
    ...(serviceDomain && { clusterDomain: serviceDomain }),
    ...(isDual && { dualStack: { enabled: true, IPv6podCIDR: pods.v6, IPv6serviceCIDR: services.v6 } }),
    ...spec?.network,
  }
}

/** The blocks of IPv6 beside those of IPv4, where they count. */
export function secondFamily({ dualStack }: Network): NonNullable<Network['dualStack']> {
  return dualStack?.enabled === true ? dualStack : {}
}

interface Families {
  readonly v4: string | undefined
  readonly v6: string | undefined
}

function byFamily(blocks: readonly string[] = []): Families {
  return { v4: blocks.find(block => !block.includes(':')), v6: blocks.find(block => block.includes(':')) }
}

/** Of the family that pods and services both have; a cluster whose pods and services have none in common cannot work. */
function firstOf(key: string, blocks: Families, first: keyof Families | undefined): object {
  const block = first ? blocks[first] : (blocks.v4 ?? blocks.v6)
  return block === undefined ? {} : { [key]: block }
}
