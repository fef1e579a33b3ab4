// When the certificates of what a controller looks after end, and how their renewals went — shell
import type { ObjectKey } from '@k0smotron-ts/api'
import { Counter, Gauge, type Registry } from 'prom-client'
import type { CertificateReport, RenewalResult } from './certificate-report.ts'

/** `undefined`: the object is gone. */
export type CertificateMetrics = (
  object: ObjectKey & { readonly kind: string },
  report: CertificateReport | undefined,
) => void

interface Series {
  readonly namespace: string
  readonly cluster: string
  readonly kind: string
  readonly purpose: string
}

interface Renewal extends Omit<Series, 'kind'> {
  readonly result: RenewalResult
}

/** What is shown of one object. */
interface Shown {
  expiry: readonly Series[]
  due: readonly Series[]
  /** By purpose and result: a failure is counted in each pass. */
  readonly renewals: Map<string, Renewal>
}

/** One series per certificate, under k0smotron's names and labels; `kind` is that of the object. */
export function createCertificateMetrics(registry: Registry): CertificateMetrics {
  const { expiry, due, renewals } = certificateSeries(registry)
  const objects = new Map<string, Shown>()
  return ({ namespace = '', name, kind }, report) => {
    const id = `${kind} ${namespace}/${name}`
    const shown: Shown = objects.get(id) ?? { expiry: [], due: [], renewals: new Map() }
    for (const labels of shown.expiry) expiry.remove({ ...labels })
    for (const labels of shown.due) due.remove({ ...labels })
    if (!report) {
      for (const labels of shown.renewals.values()) renewals.remove({ ...labels })
      return void objects.delete(id)
    }
    const { cluster } = report
    const of = { namespace, cluster, kind }
    shown.expiry = show(expiry, of, report.ends)
    shown.due = show(due, of, report.dues)
    for (const [purpose, result] of Object.entries(report.renewals)) {
      const labels = { namespace, cluster, purpose, result }
      renewals.inc(labels)
      shown.renewals.set(`${purpose} ${result}`, labels)
    }
    objects.set(id, shown)
  }
}

function show(
  gauge: Gauge<keyof Series>,
  of: Omit<Series, 'purpose'>,
  times: Readonly<Record<string, Date>>,
): readonly Series[] {
  return Object.entries(times).map(([purpose, at]) => {
    const labels = { ...of, purpose }
    gauge.set(labels, Math.floor(at.getTime() / 1000))
    return labels
  })
}

function certificateSeries(registry: Registry) {
  const registers = [registry]
  return {
    expiry: new Gauge({
      name: 'k0smotron_certificate_expiration_timestamp_seconds',
      help: 'When a certificate of a control plane expires',
      labelNames: ['namespace', 'cluster', 'kind', 'purpose'] as const,
      registers,
    }),
    due: new Gauge({
      name: 'k0smotron_certificate_renewal_timestamp_seconds',
      help: 'When a certificate of a control plane is to be renewed; no series where nothing renews it',
      labelNames: ['namespace', 'cluster', 'kind', 'purpose'] as const,
      registers,
    }),
    renewals: new Counter({
      name: 'k0smotron_certificate_renewal_total',
      help: 'Attempts to renew a certificate of a control plane, by result',
      labelNames: ['namespace', 'cluster', 'purpose', 'result'] as const,
      registers,
    }),
  }
}
