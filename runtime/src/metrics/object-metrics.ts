// Gauges whose series come and go with objects — shell
import type { ObjectKey } from '@k0smotron-ts/api'
import { Gauge, type Registry } from 'prom-client'
import type { GaugeDeclaration, ObjectReport } from './object-report.ts'

/** What was shown of the object before ends; `undefined`: the object is gone. */
export type ObjectMetrics = (object: ObjectKey & { readonly kind: string }, report: ObjectReport | undefined) => void

interface Shown extends ObjectReport {
  readonly labels: Readonly<Record<string, string>>
}

/** Once per registry and declaration. A report is kept as it is, and becomes series at the next scrape. */
export function createObjectMetrics(registry: Registry, declared: readonly GaugeDeclaration[]): ObjectMetrics {
  const objects = new Map<string, Shown>()
  for (const declaration of declared) createGauge(registry, declaration, objects)
  return ({ namespace = '', name, kind }, report) => {
    const id = `${kind} ${namespace}/${name}`
    if (!report) return void objects.delete(id)
    objects.set(id, { ...report, labels: { namespace, name, kind, cluster: report.cluster } })
  }
}

function createGauge(
  registry: Registry,
  { name, help, label }: GaugeDeclaration,
  objects: ReadonlyMap<string, Shown>,
): void {
  new Gauge({
    name,
    help,
    labelNames: ['namespace', 'name', 'kind', 'cluster', ...(label === undefined ? [] : [label])],
    registers: [registry],
    collect() {
      this.reset()
      for (const { labels, samples } of objects.values()) {
        for (const sample of samples.filter(({ gauge }) => gauge === name)) {
          this.set(label === undefined ? labels : { ...labels, [label]: sample.label ?? '' }, sample.value)
        }
      }
    },
  })
}
