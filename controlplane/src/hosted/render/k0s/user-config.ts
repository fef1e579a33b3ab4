// The user's k0s ClusterConfig, as far as we look into it — core
import { stripEmpty } from '@k0smotron-ts/runtime'
import type { HostedSpec } from '../../input.ts'
import type { Observed } from '../../observed.ts'

type Free = Readonly<Record<string, unknown>>
type Arguments = Readonly<Record<string, string>>

/** `k0s.k0sproject.io/v1beta1` ClusterConfig: the keys that we set or respect; all others pass through untouched. */
export interface UserConfig extends Free {
  readonly apiVersion?: string
  readonly kind?: string
  readonly spec?: Free & {
    readonly api?: Free & {
      readonly sans?: readonly string[]
      readonly extraArgs?: Arguments
      readonly rawArgs?: readonly string[]
    }
    readonly konnectivity?: Free
    readonly network?: Free & {
      readonly podCIDR?: string
      readonly serviceCIDR?: string
      readonly clusterDomain?: string
      readonly provider?: string
      readonly kubeProxy?: Free & { readonly disabled?: boolean }
      readonly dualStack?: Free
      readonly nodeLocalLoadBalancing?: Free & { readonly enabled?: boolean }
    }
    readonly controllerManager?: Free & { readonly extraArgs?: Arguments }
    readonly scheduler?: Free & { readonly extraArgs?: Arguments }
  }
}

export const k0sConfigVersion = 'k0s.k0sproject.io/v1beta1'

/** Sections that were left empty count as absent. */
export function userConfigOf(spec: HostedSpec): UserConfig {
  return (stripEmpty(spec.k0sConfig) ?? {}) as UserConfig
}

/** Sections that we look into: something else than an object there cannot be merged. */
const sections = [
  'spec',
  'spec.api',
  'spec.api.extraArgs',
  'spec.konnectivity',
  'spec.network',
  'spec.network.kubeProxy',
  'spec.network.nodeLocalLoadBalancing',
  'spec.controllerManager',
  'spec.controllerManager.extraArgs',
  'spec.scheduler',
  'spec.scheduler.extraArgs',
] as const

/** Lists that we look into. */
const lists = [
  ['spec.api.sans', 'a list of names'],
  ['spec.api.rawArgs', 'a list of arguments'],
] as const

/** Why k0s would not take the user's config; `undefined` when nothing is known against it. */
export function faultOfUserConfig(observed: Observed): string | undefined {
  const config = observed.userConfig
  const { apiVersion, kind } = config
  if (apiVersion !== undefined && apiVersion !== k0sConfigVersion) {
    return `spec.k0sConfig.apiVersion is ${JSON.stringify(apiVersion)}; write ${k0sConfigVersion} or leave it out`
  }
  if (kind !== undefined && kind !== 'ClusterConfig') {
    return `spec.k0sConfig.kind is ${JSON.stringify(kind)}; write ClusterConfig or leave it out`
  }
  const wrong = sections.find(section => !isObject(valueAt(config, section)))
  if (wrong) return `spec.k0sConfig.${wrong} is ${JSON.stringify(valueAt(config, wrong))}; write an object`
  const noList = lists.find(([path]) => !isListOfStrings(valueAt(config, path)))
  return noList && `spec.k0sConfig.${noList[0]} is ${JSON.stringify(valueAt(config, noList[0]))}; write ${noList[1]}`
}

function isListOfStrings(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.every(item => typeof item === 'string'))
}

function valueAt(config: object, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (isObject(value) ? value?.[key] : undefined), config)
}

/** Absent counts as an object without anything in it. */
function isObject(value: unknown): value is Free | undefined {
  return value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value))
}
