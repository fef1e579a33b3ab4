// What a manager serves — shell
import type { Client } from '../client/types.ts'
import type { Clock } from '../clock.ts'
import type { ManagerFlags } from '../flags/manager-flags.ts'
import { createAuthorizer } from '../health/authorize.ts'
import { createDiagnosticsEndpoint } from '../health/diagnostics.ts'
import type { Endpoint } from '../health/endpoint.ts'
import { createProbeEndpoint } from '../health/probes.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics/metrics.ts'

export interface NamedEndpoint {
  readonly name: 'probes' | 'diagnostics'
  readonly endpoint: Endpoint
}

export interface EndpointOptions {
  readonly flags: Pick<ManagerFlags, 'diagnosticsAddress' | 'healthProbeAddress' | 'insecureDiagnostics'>
  readonly client: Client
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
  readonly notReady: () => string | undefined
}

/** Those whose address is set. Readiness is that of the lists, not of the lease: a roll-out goes on while another leads. */
export function createEndpoints({ notReady, ...options }: EndpointOptions): NamedEndpoint[] {
  const { flags, client, clock } = options
  const { diagnosticsAddress: address, healthProbeAddress, insecureDiagnostics } = flags
  const endpoints: NamedEndpoint[] = []
  if (healthProbeAddress) {
    const probes = { healthz: { ping: () => undefined }, readyz: { lists: notReady } }
    endpoints.push({ name: 'probes', endpoint: createProbeEndpoint(healthProbeAddress, probes) })
  }
  if (address) {
    const protection = insecureDiagnostics ? {} : { authorize: createAuthorizer(client, clock) }
    const endpoint = createDiagnosticsEndpoint({ ...options, ...protection, address })
    endpoints.push({ name: 'diagnostics', endpoint })
  }
  return endpoints
}
