// The data sources that are known: of the spec, and of configurations that are there — core
import type { Observed } from '../../observed.ts'
import { hashInUse, k0sConfigsLeft, k0sConfigWith } from '../../render/k0s/config-in-use.ts'
import { parsedConfig } from '../../render/k0s/parsed.ts'
import { dataSourceOf } from './data-source.ts'

/** The present one, and those that pods were made with before. */
export function knownDataSources(observed: Observed): readonly string[] {
  const before = k0sConfigsLeft(observed).flatMap(text => dataSourceIn(text) ?? [])
  return [wantedDataSource(observed) ?? [], before].flat()
}

export function wantedDataSource(observed: Observed): string | undefined {
  const found = dataSourceOf(observed)
  return 'url' in found ? found.url.reveal() : undefined
}

/** Of the newest template. */
export function dataSourceInUse(observed: Observed): string | undefined {
  const hash = hashInUse(observed)
  return hash === undefined ? undefined : dataSourceIn(k0sConfigWith(observed, hash))
}

interface Config {
  readonly spec?: { readonly storage?: { readonly kine?: { readonly dataSource?: unknown } | null } | null } | null
}

/** Of `k0s.yaml`. */
function dataSourceIn(text: string | undefined): string | undefined {
  const { spec } = (parsedConfig(text) ?? {}) as Config
  const source = spec?.storage?.kine?.dataSource
  return typeof source === 'string' ? source : undefined
}
