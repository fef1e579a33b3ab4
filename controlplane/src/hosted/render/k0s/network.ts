// The network of the workload cluster — core
import { load } from 'js-yaml'
import { isInitialized } from '../../facts/reachability.ts'
import { configLabel } from '../../identity.ts'
import type { Observed } from '../../observed.ts'

/** As k0s's configuration has it. */
interface Network {
  readonly podCIDR?: string
  readonly serviceCIDR?: string
  readonly clusterDomain?: string
  readonly provider?: string
  readonly dualStack?: { readonly IPv6podCIDR?: string; readonly IPv6serviceCIDR?: string }
}

/** What the network derives from. */
type Networked = Pick<Observed, 'network' | 'userConfig'>

/** The Cluster's network where the user's config is silent. Two families go where k0s expects the second one. */
export function networkOf(observed: Networked): Network {
  const { network = {} } = observed.userConfig.spec ?? {}
  const { serviceDomain } = observed.network ?? {}
  const { pods, services } = families(observed)
  const first = pods.v4 && services.v4 ? 'v4' : pods.v6 && services.v6 ? 'v6' : undefined
  const isDual = pods.v4 && services.v4 && pods.v6 && services.v6
  return {
    ...firstOf('podCIDR', pods, first),
    ...firstOf('serviceCIDR', services, first),
    ...(serviceDomain && { clusterDomain: serviceDomain }),
    ...(isDual && { dualStack: { enabled: true, IPv6podCIDR: pods.v6, IPv6serviceCIDR: services.v6 } }),
    ...network,
  }
}

/** The blocks that the workload cluster gets. */
export function blocksInUse(observed: Networked): Readonly<Record<'pods' | 'services', readonly string[]>> {
  const { podCIDR, serviceCIDR, dualStack } = networkOf(observed)
  const known = (...blocks: readonly (string | undefined)[]) => blocks.flatMap(block => block ?? [])
  return { pods: known(podCIDR, dualStack?.IPv6podCIDR), services: known(serviceCIDR, dualStack?.IPv6serviceCIDR) }
}

interface Families {
  readonly v4: string | undefined
  readonly v6: string | undefined
}

function families({ network }: Networked): { readonly pods: Families; readonly services: Families } {
  return { pods: byFamily(network?.pods?.cidrBlocks), services: byFamily(network?.services?.cidrBlocks) }
}

function byFamily(blocks: readonly string[] = []): Families {
  return { v4: blocks.find(block => !block.includes(':')), v6: blocks.find(block => block.includes(':')) }
}

/** Of the family that pods and services both have; a cluster whose pods and services have none in common cannot work. */
function firstOf(key: string, blocks: Families, first: keyof Families | undefined): object {
  const block = first ? blocks[first] : (blocks.v4 ?? blocks.v6)
  return block === undefined ? {} : { [key]: block }
}

/** What k0s uses where its configuration is silent. */
const defaults = {
  podCIDR: '10.244.0.0/16',
  serviceCIDR: '10.96.0.0/12',
  clusterDomain: 'cluster.local',
  provider: 'kuberouter',
} as const

/**
 * What would change; `undefined` when nothing does, and before the API server has answered once. The network in use is
 * the one in the configuration that the live StatefulSet refers to; it is read only when another is about to be written.
 */
export function networkChange(observed: Observed, hash: string): string | undefined {
  const inUse = observed.k0sSet?.spec?.template?.metadata?.labels?.[configLabel]
  if (!isInitialized(observed) || inUse === undefined || inUse === hash) return undefined
  const live = observed.configMaps.find(({ metadata }) => metadata.labels?.[configLabel] === inUse)
  const text = live?.data?.['k0s.yaml']
  if (text === undefined) return undefined
  const { spec } = load(text) as { spec?: { network?: Network } }
  const differences = networkDifferences(spec?.network ?? {}, networkOf(observed))
  return differences.length === 0 ? undefined : differences.join(', ')
}

/** What nodes, pods and Services of a workload cluster were made with: old and new of each that would change. */
function networkDifferences(before: Network, after: Network): string[] {
  const [old, wanted] = [essentials(before), essentials(after)]
  return Object.entries(wanted).flatMap(([what, value]) => {
    const known = old[what as keyof typeof old]
    return known === value ? [] : [`${what} from ${known} to ${value}`]
  })
}

function essentials(network: Network) {
  const { podCIDR, serviceCIDR, clusterDomain, provider } = { ...defaults, ...network }
  const { IPv6podCIDR, IPv6serviceCIDR } = network.dualStack ?? {}
  return {
    'pod blocks': [podCIDR, IPv6podCIDR].filter(Boolean).join(', '),
    'service blocks': [serviceCIDR, IPv6serviceCIDR].filter(Boolean).join(', '),
    'cluster domain': clusterDomain,
    'network provider': provider,
  }
}
