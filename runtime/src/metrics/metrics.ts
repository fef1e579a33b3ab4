// All metrics of one manager — shell
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { UnreadableKind } from '../cache/unreadable.ts'
import { type CertificateMetrics, createCertificateMetrics } from './certificate-metrics.ts'
import { createMemoryMetrics } from './memory-metrics.ts'
import { createObjectMetrics, type ObjectMetrics } from './object-metrics.ts'
import type { GaugeDeclaration } from './object-report.ts'
import { createQueueMetrics, type QueueMetrics } from './queue-metrics.ts'
import { createReconcileMetrics, type ReconcileMetrics } from './reconcile-metrics.ts'
import { createWebhookMetrics, type WebhookMetrics } from './webhook-metrics.ts'

export interface RequestOutcome {
  /** The HTTP status, or `<error>` when there was no answer. */
  readonly code: string
  readonly host: string
  readonly method: string
}

/** One per manager, never of the process: several managers can live in one. */
export interface Metrics {
  readonly registry: Registry
  readonly queue: QueueMetrics
  readonly reconcile: ReconcileMetrics
  readonly certificates: CertificateMetrics
  readonly webhook: WebhookMetrics
  /** Once per manager: what its controllers tell of their objects. */
  objects(gauges: readonly GaugeDeclaration[]): ObjectMetrics
  request(outcome: RequestOutcome): void
  leads(lease: string, leads: boolean): void
  /** Asked at each scrape: which watched kinds cannot be read. */
  unreadableKinds(kinds: () => readonly UnreadableKind[]): void
}

/** controller-runtime's names and labels, so that the dashboards people have go on working; plus those of the Node process. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  createMemoryMetrics(registry)
  const requests = new Counter({
    name: 'rest_client_requests_total',
    help: 'Requests to the API server by status, method and host',
    labelNames: ['code', 'host', 'method'] as const,
    registers: [registry],
  })
  const leader = new Gauge({
    name: 'leader_election_master_status',
    help: 'Whether this process holds the lease',
    labelNames: ['name'] as const,
    registers: [registry],
  })
  return {
    registry,
    queue: createQueueMetrics(registry),
    reconcile: createReconcileMetrics(registry),
    certificates: createCertificateMetrics(registry),
    webhook: createWebhookMetrics(registry),
    objects: gauges => createObjectMetrics(registry, gauges),
    request: ({ code, host, method }) => requests.inc({ code, host, method }),
    leads: (name, leads) => leader.set({ name }, leads ? 1 : 0),
    unreadableKinds: kinds => createUnreadableGauge(registry, kinds),
  }
}

function createUnreadableGauge(registry: Registry, kinds: () => readonly UnreadableKind[]): void {
  new Gauge({
    name: 'watch_unreadable_kinds',
    help: 'Watched kinds that are not served or may not be read',
    labelNames: ['group', 'kind', 'why'] as const,
    registers: [registry],
    collect() {
      this.reset()
      for (const { type, why } of kinds()) this.set({ group: type.group, kind: type.kind, why }, 1)
    },
  })
}
