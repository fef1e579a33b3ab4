// Alerts for Prometheus, on metrics that the managers have — core

interface Alert {
  readonly name: string
  readonly expr: string
  readonly for: string
  readonly severity: 'warning' | 'critical'
  readonly summary: string
}

const alerts: readonly Alert[] = [
  {
    name: 'K0smotronNoLeader',
    expr: 'sum by (name) (leader_election_master_status{name=~".+[.]k0smotron[.]io"}) == 0',
    for: '5m',
    severity: 'critical',
    summary: 'No manager holds the Lease {{ $labels.name }}: nothing is reconciled',
  },
  {
    name: 'K0smotronCertificateExpires',
    expr: 'k0smotron_certificate_expiration_timestamp_seconds - time() < 7 * 24 * 3600',
    for: '1h',
    severity: 'critical',
    summary:
      'The certificate {{ $labels.purpose }} of {{ $labels.namespace }}/{{ $labels.cluster }} ends in less than a week',
  },
  {
    name: 'K0smotronReconcileErrors',
    expr: 'sum by (controller) (rate(controller_runtime_reconcile_errors_total[10m])) > 0 unless sum by (controller) (rate(controller_runtime_reconcile_total{result!="error"}[10m])) > 0',
    for: '15m',
    severity: 'warning',
    summary: 'Every pass of {{ $labels.controller }} fails',
  },
  {
    name: 'K0smotronKindUnreadable',
    expr: 'watch_unreadable_kinds == 1',
    for: '15m',
    severity: 'warning',
    summary: '{{ $labels.kind }}.{{ $labels.group }} cannot be read: {{ $labels.why }}',
  },
  {
    name: 'K0smotronQueueStands',
    expr: 'workqueue_longest_running_processor_seconds > 300',
    for: '5m',
    severity: 'warning',
    summary: 'A pass of {{ $labels.controller }} runs for more than five minutes',
  },
  {
    name: 'K0smotronMemory',
    expr: 'process_resident_memory_bytes / on (instance, job) process_memory_limit_bytes > 0.9',
    for: '15m',
    severity: 'warning',
    summary: 'The manager {{ $labels.instance }} uses more than 90 % of its memory limit',
  },
]

/** A file of rules as Prometheus loads it; `spec` of a PrometheusRule has the same groups. */
export const alertRules: object = {
  groups: [
    {
      name: 'k0smotron',
      rules: alerts.map(({ name, expr, for: duration, severity, summary }) => ({
        alert: name,
        expr,
        for: duration,
        labels: { severity },
        annotations: { summary },
      })),
    },
  ],
}
