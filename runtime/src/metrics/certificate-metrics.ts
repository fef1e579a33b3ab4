// When the certificates of what a controller looks after end — shell
import type { ObjectKey } from '@k0smotron-ts/api'
import { Gauge, type Registry } from 'prom-client'

/** The certificates of one cluster, by what they are for. */
export interface CertificateEnds {
  readonly cluster: string
  readonly at: Readonly<Record<string, Date>>
}

/** `undefined`: the object is gone. */
export type ExpiryMetrics = (object: ObjectKey & { readonly kind: string }, ends: CertificateEnds | undefined) => void

const labelNames = ['namespace', 'cluster', 'kind', 'purpose'] as const

/** One series per certificate, under k0smotron's name and labels; `kind` is that of the object. */
export function createExpiryMetrics(registry: Registry): ExpiryMetrics {
  const gauge = new Gauge({
    name: 'k0smotron_certificate_expiration_timestamp_seconds',
    help: 'When a certificate of a control plane expires',
    labelNames,
    registers: [registry],
  })
  /** What is shown of each object: it is all taken back when the object says something else. */
  const shown = new Map<string, readonly Record<(typeof labelNames)[number], string>[]>()
  return ({ namespace = '', name, kind }, ends) => {
    const id = `${kind} ${namespace}/${name}`
    for (const labels of shown.get(id) ?? []) gauge.remove(labels)
    if (!ends) return void shown.delete(id)
    const series = Object.entries(ends.at).map(([purpose, at]) => {
      const labels = { namespace, cluster: ends.cluster, kind, purpose }
      gauge.set(labels, Math.floor(at.getTime() / 1000))
      return labels
    })
    shown.set(id, series)
  }
}
