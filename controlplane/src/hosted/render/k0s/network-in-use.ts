// The network that a workload cluster was made with, and whether it would become another one — core
import { controlPlaneCondition, parseJsonText } from '@k0smotron-ts/api'
import { canonicalJson, type Wait } from '@k0smotron-ts/runtime'
import { isInitialized } from '../../facts/reachability.ts'
import type { Observed } from '../../observed.ts'
import { configObjectInUse, hashInUse, k0sConfigsLeft, k0sConfigWith } from './config-in-use.ts'
import { type Network, secondFamily } from './network.ts'
import { parsed, parsedConfig } from './parsed.ts'

const { componentsReason } = controlPlaneCondition

/** On the StatefulSet, and not on its pods: what they were made with outlives every configuration. */
const networkAnnotation = 'k0smotron.io/network'

const parts = {
  pods: 'pod blocks',
  services: 'service blocks',
  domain: 'cluster domain',
  provider: 'network provider',
} as const

/** What nodes, pods and Services of a workload cluster were made with. */
type Essentials = Readonly<Record<keyof typeof parts, string>>

export function networkMark(network: Network): Readonly<Record<string, string>> {
  return { [networkAnnotation]: canonicalJson(essentialsOf(network)) }
}

/**
 * Why the configuration with the hash must not be rolled out. Before the API server has answered once, the network may
 * become any other. While the StatefulSet is gone, so are the pods: then only a network that is known stops them.
 */
export function networkTrouble(observed: Observed, hash: string): Wait | undefined {
  if (!isInitialized(observed) || hashInUse(observed) === hash) return undefined
  const wanted = essentialsOf(observed.k0sNetwork)
  const [first, ...others] = knownNetworks(observed).map(known => differences(known, wanted))
  if (!first) return observed.k0sSet && unknown(observed)
  return [first, ...others].some(({ length }) => length === 0) ? undefined : changed(first)
}

/** Of the live StatefulSet; without one, of every configuration that is left. */
function knownNetworks(observed: Observed): readonly Essentials[] {
  const { k0sSet } = observed
  if (!k0sSet) return k0sConfigsLeft(observed).flatMap(text => networkIn(text) ?? [])
  const marked = parsedMark(k0sSet.metadata.annotations?.[networkAnnotation])
  return [marked ?? networkIn(k0sConfigWith(observed, hashInUse(observed) ?? '')) ?? []].flat()
}

function changed(differing: readonly string[]): Wait {
  const message = `nodes, pods and Services were made with another network, so the pods of the control plane stay as they are: it would change ${differing.join(', ')}; write the old values back into the Cluster's spec.clusterNetwork or spec.k0sConfig.spec.network, or make a new cluster`
  return { reason: componentsReason.networkChanged, message }
}

function unknown(observed: Observed): Wait {
  const [[key, value] = []] = Object.entries(networkMark(observed.k0sNetwork))
  const message = `${observed.datastore.isSecret ? 'Secret' : 'ConfigMap'} ${configObjectInUse(observed)}, which has the network that nodes, pods and Services were made with, is gone, so the pods of the control plane stay as they are: restore it, or, if the network is the one of the spec, annotate StatefulSet ${observed.names.statefulSet} ${key}='${value}'`
  return { reason: componentsReason.networkUnknown, message }
}

/** Old and new of each part that would change. */
function differences(before: Essentials, after: Essentials): string[] {
  return Object.entries(parts).flatMap(([key, what]) => {
    const [old, wanted] = [before[key as keyof Essentials], after[key as keyof Essentials]]
    return old === wanted ? [] : [`${what} from ${old} to ${wanted}`]
  })
}

/** What k0s uses where its configuration is silent. */
const defaults = {
  podCIDR: '10.244.0.0/16',
  serviceCIDR: '10.96.0.0/12',
  clusterDomain: 'cluster.local',
  provider: 'kuberouter',
} as const

function essentialsOf(network: Network): Essentials {
  const { podCIDR, serviceCIDR, clusterDomain, provider } = { ...defaults, ...network }
  const second = secondFamily(network)
  return {
    pods: [podCIDR, second.IPv6podCIDR].filter(Boolean).join(', '),
    services: [serviceCIDR, second.IPv6serviceCIDR].filter(Boolean).join(', '),
    domain: clusterDomain,
    provider,
  }
}

interface Config {
  readonly spec?: { readonly network?: Network }
}

/** Of `k0s.yaml`; `undefined` where there is none to read. */
function networkIn(text: string | undefined): Essentials | undefined {
  const config = parsedConfig(text)
  return config && essentialsOf((config as Config).spec?.network ?? {})
}

/** Whoever edits it may write anything. */
function parsedMark(text: string | undefined): Essentials | undefined {
  const mark = parsed(() => (text === undefined ? undefined : parseJsonText(text)))
  return mark && Object.keys(parts).every(key => key in mark) ? (mark as Essentials) : undefined
}
