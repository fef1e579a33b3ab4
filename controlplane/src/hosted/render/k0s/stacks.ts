// The add-ons that k0s deploys into the workload cluster, and what keeps a new pod from pruning them — core
import { isAtLeast, type K0sVersion } from '@k0smotron-ts/api'
import type { Observed } from '../../observed.ts'
import { disabledComponents, hasOwnConfig, isSet, userFlags } from './flags.ts'

/**
 * Minors of k0s whose file names below were read in its source. A minor that has k0sproject/k0s#8220 from its first
 * release on needs no placeholders; `lastMinor` then stays as it is, and a release within a minor is a bound here.
 */
const known = { first: 'v1.34.1+k0s.0', lastMinor: 36 } as const

/**
 * In a folder of `manifests/` (a stack) k0s applies the files and prunes what they do not name. A new pod begins with
 * empty folders, and k0s fills them seconds after it has begun to prune. A file that cannot be applied holds a stack
 * back until k0s overwrites it, so it has the name of the file that k0s writes, and the last one where there are many.
 */
export const placeholder =
  'placeholder: k0s replaces this file; without a kind it cannot be applied, so nothing is pruned\n'

/** Per component of k0s, as `--disable-components` names it. */
const files = {
  coredns: ['coredns/coredns.yaml'],
  'kube-proxy': ['kubeproxy/kube-proxy.yaml'],
  'konnectivity-server': ['konnectivity/konnectivity-agent.yaml'],
  'metrics-server': ['metricserver/metric_server.yaml'],
} as const

/** Only of the provider in use: k0s refuses to start another one where it finds the files of one. */
const networkFiles: ReadonlyMap<string, readonly string[]> = new Map([
  ['kuberouter', ['kuberouter/kube-router.yaml']],
  [
    'calico',
    ['calico_init/calico-crd-tiers.crd.projectcalico.org.yaml', 'calico/calico-ServiceAccount-calico-node.yaml'],
  ],
])

/** Whether the names of the files are known; to guess them could keep an add-on from ever being deployed. */
export function knowsStacks(version: K0sVersion): boolean {
  return version.major === 1 && version.minor <= known.lastMinor && isAtLeast(version, known.first)
}

/** Paths below `manifests/` that get a placeholder: one for each stack in use. */
export function stackFiles(observed: Observed, version: K0sVersion): readonly string[] {
  if (!knowsStacks(version)) return []
  const flags = userFlags(observed)
  const disabled = disabledComponents(flags)
  const { kubeProxy } = observed.userConfig.spec?.network ?? {}
  return [
    ...Object.entries(files).flatMap(([component, paths]) => {
      const isOff = disabled.has(component) || (component === 'kube-proxy' && kubeProxy?.disabled === true)
      return isOff ? [] : paths
    }),
    ...(disabled.has('network-provider') ? [] : filesOfNetwork(observed)),
    ...(isSet(flags, 'enable-metrics-scraper') ? ['metrics/pushgateway.yaml'] : []),
  ]
}

/** A configuration file that the user brings is not read by us, so its provider is not known. */
function filesOfNetwork(observed: Observed): readonly string[] {
  if (hasOwnConfig(userFlags(observed))) return []
  const { provider = 'kuberouter' } = observed.userConfig.spec?.network ?? {}
  return networkFiles.get(provider) ?? []
}
