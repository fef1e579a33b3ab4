// Whether a change would give a living workload cluster another network — core
import { load } from 'js-yaml'
import { configLabel } from '../identity.ts'
import type { Observed } from '../observed.ts'
import type { K0sConfig } from '../render/k0s/config.ts'
import { networkDifferences, networkOf } from '../render/k0s/network.ts'
import { isInitialized } from './reachability.ts'

/**
 * What would change; `undefined` when nothing does, and before the API server has answered once. The network in use is
 * the one in the configuration that the live StatefulSet refers to; it is read only when another is about to be written.
 */
export function networkChange(observed: Observed, { hash }: K0sConfig): string | undefined {
  const inUse = observed.k0sSet?.spec?.template?.metadata?.labels?.[configLabel]
  if (!isInitialized(observed) || inUse === undefined || inUse === hash) return undefined
  const live = observed.configMaps.find(({ metadata }) => metadata.labels?.[configLabel] === inUse)
  const text = live?.data?.['k0s.yaml']
  if (text === undefined) return undefined
  const { spec } = load(text) as { spec?: { network?: ReturnType<typeof networkOf> } }
  const differences = networkDifferences(spec?.network ?? {}, networkOf(observed))
  return differences.length === 0 ? undefined : differences.join(', ')
}
