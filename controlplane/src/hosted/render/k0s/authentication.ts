// How the kubelet may ask the hosted API server whether it is well — core
import type { K0sVersion } from '@k0smotron-ts/api'
import { supportsAnonymousAuthConfig } from '../../facts/k0s-version.ts'
import type { Observed } from '../../observed.ts'

/** Anonymous requests for exactly two paths; everything else stays 401. */
export const authenticationConfig = {
  apiVersion: 'apiserver.config.k8s.io/v1',
  kind: 'AuthenticationConfiguration',
  anonymous: { enabled: true, conditions: [{ path: '/livez' }, { path: '/readyz' }] },
} as const

/**
 * Whether probes are plain HTTPS requests: they need our AuthenticationConfiguration, which k0s must support and which
 * must not push the user's own authentication aside. Else the kubelet runs a command in the pod, at 0.08 CPU-seconds each.
 */
export function isProbedOverHTTPS(observed: Observed, version: K0sVersion): boolean {
  const { extraArgs = {}, rawArgs = [] } = observed.userConfig.spec?.api ?? {}
  const own = [...Object.keys(extraArgs), ...rawArgs.map(arg => arg.replace(/^--/, ''))]
  return (
    supportsAnonymousAuthConfig(version) && !own.some(arg => /^(authentication-config|anonymous-auth|oidc-)/.test(arg))
  )
}
