// Values of the k0s configuration and of the Cluster's network that something else decides — core
import { hostPort } from '@k0smotron-ts/api'
import { canonicalJson } from '@k0smotron-ts/runtime'
import type { Known } from './observed.ts'
import { containerPort } from './render/k0s/cluster-config.ts'
import { type Network, secondFamily } from './render/k0s/network.ts'

/** What the user's k0s configuration says of address, ports and storage, and what is not so. */
export function overriddenFields(observed: Known): string[] {
  const { api, konnectivity, network, storage } = observed.userConfig.spec ?? {}
  const { endpoint, ports } = observed.exposure
  const hosts = endpoint ? [endpoint.host, hostPort(endpoint)] : []
  const isBalanced = network?.nodeLocalLoadBalancing?.enabled === true // then it is the user's, see apiOf
  return [
    ...differs('api.externalAddress', isBalanced ? undefined : api?.externalAddress, hosts),
    ...differs('api.port', api?.port, endpoint ? [containerPort(endpoint)] : []),
    ...differs('konnectivity.agentPort', konnectivity?.agentPort, ports ? [ports.konnectivity] : []),
    ...differs('storage', storage, [{ type: observed.datastore.type }, observed.datastore.storage(observed)]),
  ]
}

/** While the value in effect is not known, nothing is said against the user's. */
function differs(path: string, value: unknown, inEffect: readonly unknown[]): string[] {
  if (value === undefined || inEffect.length === 0) return []
  return inEffect.some(one => canonicalJson(one) === canonicalJson(value)) ? [] : [`spec.k0sConfig.spec.${path}`]
}

/** Blocks of the Cluster's network that the workload cluster does not get, each with why. */
export function unusedBlocks(observed: Known): string[] {
  const name = observed.endpoints.objects?.cluster ?? 'Cluster'
  return (['pods', 'services'] as const).flatMap(part => {
    const blocks = observed.network?.[part]?.cidrBlocks ?? []
    const used = blocksInUse(observed.k0sNetwork)[part]
    return blocks
      .filter(block => !used.includes(block))
      .map(block => `${name}: spec.clusterNetwork.${part}.cidrBlocks ${block} (${whyUnused(observed, part, block)})`)
  })
}

function blocksInUse(network: Network): Readonly<Record<'pods' | 'services', readonly string[]>> {
  const { podCIDR, serviceCIDR } = network
  const second = secondFamily(network)
  const known = (...blocks: readonly (string | undefined)[]) => blocks.flatMap(block => block ?? [])
  return { pods: known(podCIDR, second.IPv6podCIDR), services: known(serviceCIDR, second.IPv6serviceCIDR) }
}

function whyUnused({ network, userConfig }: Known, part: 'pods' | 'services', block: string): string {
  const key = part === 'pods' ? 'podCIDR' : 'serviceCIDR'
  const family = (one: string) => (one.includes(':') ? 'IPv6' : 'IPv4')
  const replacing = [key, ...(family(block) === 'IPv6' ? (['dualStack'] as const) : [])] as const
  const replaced = replacing.find(one => userConfig.spec?.network?.[one] !== undefined)
  if (replaced) return `spec.k0sConfig.spec.network.${replaced} is used`
  const other = part === 'pods' ? 'services' : 'pods'
  const hasFamily = network?.[other]?.cidrBlocks?.some(one => family(one) === family(block))
  return hasFamily ? `a second block of ${family(block)}` : `${other} have no ${family(block)} block`
}
