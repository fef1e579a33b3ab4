// How the kubelet learns whether the workload API works — core
import type { K0sVersion } from '@k0smotron-ts/api'
import { supportsAnonymousAuthConfig } from '../../facts/k0s-version.ts'
import type { Observed } from '../../observed.ts'
import type { Container } from '../pod-defaults.ts'
import { hasOwnConfig, userFlags } from './flags.ts'

/** Anonymous requests for exactly two paths; everything else stays 401. */
export const authenticationConfig = {
  apiVersion: 'apiserver.config.k8s.io/v1',
  kind: 'AuthenticationConfiguration',
  anonymous: { enabled: true, conditions: [{ path: '/livez' }, { path: '/readyz' }] },
} as const

/**
 * Whether probes are plain HTTPS requests: they need our AuthenticationConfiguration, which k0s must support and which
 * must not push the user's own authentication aside; a file that `--config` names in the image may do anything. Else the kubelet runs a command in the pod, at 0.08 CPU-seconds each.
 */
export function isProbedOverHTTPS(observed: Observed, version: K0sVersion): boolean {
  if (!supportsAnonymousAuthConfig(version) || hasOwnConfig(userFlags(observed))) return false
  const { extraArgs = {}, rawArgs = [] } = observed.userConfig.spec?.api ?? {}
  const own = [...Object.keys(extraArgs), ...rawArgs.map(arg => arg.replace(/^--/, ''))]
  return !own.some(arg => /^(authentication-config|anonymous-auth|oidc-)/.test(arg))
}

type Probe = NonNullable<Container['readinessProbe']>

const question = { live: '/livez?exclude=etcd', ready: '/readyz' } as const

/** An HTTPS request to the API server itself; `k0s status` would only say that k0s lives. */
function request(path: string): Probe {
  return { httpGet: { path, port: 'api', scheme: 'HTTPS' } }
}

/** The same question from inside the pod, where k0s has a credential. */
function command(path: string): Probe {
  return { exec: { command: ['k0s', 'kubectl', 'get', `--raw=${path}`] } }
}

/**
 * Readiness is on the critical path: until then nobody outside reaches the pod. So the start-up probe asks every second
 * and there is no fixed delay. etcd is left out of liveness: restarting k0s mends no datastore.
 */
export function k0sProbes(isOverHTTPS: boolean): Pick<Container, 'startupProbe' | 'readinessProbe' | 'livenessProbe'> {
  const ask = isOverHTTPS ? request : command
  const timeoutSeconds = isOverHTTPS ? 5 : 10
  return {
    startupProbe: { ...ask(question.ready), periodSeconds: isOverHTTPS ? 1 : 2, timeoutSeconds, failureThreshold: 600 },
    readinessProbe: {
      ...ask(question.ready),
      periodSeconds: isOverHTTPS ? 5 : 15,
      timeoutSeconds,
      failureThreshold: 3,
    },
    livenessProbe: { ...ask(question.live), periodSeconds: isOverHTTPS ? 10 : 30, timeoutSeconds, failureThreshold: 6 },
  }
}
