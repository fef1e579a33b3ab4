// What a manager serves — shell
import type { Cache } from '../cache/types.ts'
import { unreadableText } from '../cache/unreadable.ts'
import type { Client } from '../client/types.ts'
import type { Clock } from '../clock.ts'
import type { ManagerFlags } from '../flags/manager-flags.ts'
import { createAuthorizer } from '../health/authorize.ts'
import type { Probes } from '../health/check.ts'
import { createDiagnosticsEndpoint } from '../health/diagnostics.ts'
import type { Endpoint } from '../health/endpoint.ts'
import { createProbeEndpoint } from '../health/probes.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Webhooks } from '../webhook/webhooks.ts'

export interface NamedEndpoint {
  readonly name: 'probes' | 'diagnostics' | 'webhooks'
  readonly endpoint: Endpoint
}

export interface EndpointOptions {
  readonly flags: Pick<ManagerFlags, 'diagnosticsAddress' | 'healthProbeAddress' | 'insecureDiagnostics'>
  readonly client: Client
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
  readonly notReady: () => string | undefined
  /** Who keeps us from beginning. */
  readonly leaseNote: () => string | undefined
  readonly cache: Pick<Cache, 'unreadable'>
  readonly webhooks?: Pick<Webhooks, 'endpoint' | 'notReady'>
}

/** Those whose address is set. Readiness is that of the lists, not of the lease: a roll-out goes on while another leads. */
export function createEndpoints({
  notReady,
  leaseNote,
  cache,
  webhooks,
  ...options
}: EndpointOptions): NamedEndpoint[] {
  const { flags, client, clock } = options
  const { diagnosticsAddress: address, healthProbeAddress, insecureDiagnostics } = flags
  const endpoints: NamedEndpoint[] = []
  if (healthProbeAddress) {
    const probes: Probes = {
      healthz: { ping: () => undefined },
      readyz: {
        lists: notReady,
        kinds: () => undefined,
        lease: () => undefined,
        ...(webhooks && { 'webhook-check': webhooks.notReady }),
      },
      notes: { kinds: () => unreadableNote(cache), lease: leaseNote },
    }
    endpoints.push({ name: 'probes', endpoint: createProbeEndpoint(healthProbeAddress, probes) })
  }
  if (address) {
    const protection = insecureDiagnostics ? {} : { authorize: createAuthorizer(client, clock) }
    const endpoint = createDiagnosticsEndpoint({ ...options, ...protection, address })
    endpoints.push({ name: 'diagnostics', endpoint })
  }
  if (webhooks) endpoints.push({ name: 'webhooks', endpoint: webhooks.endpoint })
  return endpoints
}

/** What is missing stops nothing else: the manager is ready without. */
function unreadableNote({ unreadable }: Pick<Cache, 'unreadable'>): string | undefined {
  const texts = new Set(unreadable.all().map(unreadableText))
  return texts.size === 0 ? undefined : [...texts].join('; ')
}
