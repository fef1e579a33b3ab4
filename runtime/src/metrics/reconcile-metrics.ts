// Metrics of reconcile passes, under the names of controller-runtime — shell
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** How a pass ended, as controller-runtime's dashboards know it. */
export type PassResult = 'success' | 'requeue_after' | 'error'

interface ReconcileObserver {
  passed(result: PassResult, tookMs: number): void
}

/** Takes a controller; returns what the controller has to tell. */
export type ReconcileMetrics = (
  controller: string,
  workers: { readonly concurrency: number; readonly active: () => number },
) => ReconcileObserver

const labelNames = ['controller'] as const
const results: readonly string[] = ['success', 'requeue', 'requeue_after', 'error']
const buckets = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 1.75, 2,
  2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
]

export function createReconcileMetrics(registry: Registry): ReconcileMetrics {
  const { total, errors, time, limit } = reconcileSeries(registry)
  const activeOf = reconcileScraped(registry)

  return (controller, { concurrency, active }) => {
    activeOf.set(controller, active)
    limit.set({ controller }, concurrency)
    // A series that exists from the start lets an alert see the first increase.
    for (const result of results) total.inc({ controller, result }, 0)
    errors.inc({ controller }, 0)
    return {
      passed: (result, tookMs) => {
        total.inc({ controller, result })
        time.observe({ controller }, tookMs / 1000)
        if (result === 'error') errors.inc({ controller })
      },
    }
  }
}

interface ReconcileSeries {
  readonly total: Counter<'controller' | 'result'>
  readonly errors: Counter<'controller'>
  readonly time: Histogram<'controller'>
  readonly limit: Gauge<'controller'>
}

function reconcileSeries(registry: Registry): ReconcileSeries {
  const one = (name: string, help: string) => ({ name, help, labelNames, registers: [registry] })
  return {
    total: new Counter({
      ...one('controller_runtime_reconcile_total', 'Reconcile passes by controller and result'),
      labelNames: ['controller', 'result'] as const,
    }),
    errors: new Counter(one('controller_runtime_reconcile_errors_total', 'Reconcile passes that failed')),
    time: new Histogram({
      ...one('controller_runtime_reconcile_time_seconds', 'How long a reconcile pass takes'),
      buckets,
    }),
    limit: new Gauge(one('controller_runtime_max_concurrent_reconciles', 'Workers a controller may have')),
  }
}

function reconcileScraped(registry: Registry): Map<string, () => number> {
  const activeOf = new Map<string, () => number>()
  new Gauge({
    name: 'controller_runtime_active_workers',
    help: 'Workers that are in a pass',
    labelNames,
    registers: [registry],
    collect() {
      for (const [controller, active] of activeOf) this.set({ controller }, active())
    },
  })
  return activeOf
}
