// The user's k0s ClusterConfig, as far as we look into it — core
import type { Observed } from '../observed.ts'

type Free = Readonly<Record<string, unknown>>
type Arguments = Readonly<Record<string, string>>

/** `k0s.k0sproject.io/v1beta1` ClusterConfig: the keys that we set or respect; all others pass through untouched. */
export interface UserConfig extends Free {
  readonly apiVersion?: string
  readonly kind?: string
  readonly spec?: Free & {
    readonly api?: Free & { readonly sans?: readonly string[]; readonly extraArgs?: Arguments }
    readonly konnectivity?: Free
    readonly network?: Free & {
      readonly podCIDR?: string
      readonly serviceCIDR?: string
      readonly clusterDomain?: string
      readonly dualStack?: Free
      readonly nodeLocalLoadBalancing?: Free & { readonly enabled?: boolean }
    }
    readonly controllerManager?: Free & { readonly extraArgs?: Arguments }
    readonly scheduler?: Free & { readonly extraArgs?: Arguments }
  }
}

export const k0sConfigVersion = 'k0s.k0sproject.io/v1beta1'

export function userConfigOf({ controlPlane }: Observed): UserConfig {
  return (controlPlane.spec.k0sConfig ?? {}) as UserConfig
}

/** Why k0s would not take the user's config; `undefined` when nothing is known against it. */
export function faultOfUserConfig(observed: Observed): string | undefined {
  const { apiVersion, kind } = userConfigOf(observed)
  if (apiVersion !== undefined && apiVersion !== k0sConfigVersion) {
    return `spec.k0sConfig.apiVersion is ${JSON.stringify(apiVersion)}; write ${k0sConfigVersion} or leave it out`
  }
  if (kind !== undefined && kind !== 'ClusterConfig') {
    return `spec.k0sConfig.kind is ${JSON.stringify(kind)}; write ClusterConfig or leave it out`
  }
  return undefined
}
