// What somebody should look at, and how soon — core
import {
  heapUsed,
  hibernatedWithin,
  isRenewedLater,
  memoryUsed,
  ofControlPlane,
  ourLeases,
  perControlPlane,
  waiting,
  whereLeading,
} from './series.ts'

interface Alert {
  readonly name: string
  readonly expr: string
  readonly for: string
  readonly severity: 'info' | 'warning' | 'critical'
  readonly summary: string
}

const controlPlane = '{{ $labels.kind }} {{ $labels.namespace }}/{{ $labels.name }}'
const day = 24 * 3600
/** Failed passes per second over an object that is refused for good: it is tried at least every two minutes. */
const perObjectRefused = 0.01

/** By the time that the condition has, not by `for`: a minute without a manager would begin that anew. */
const unavailableFor = (seconds: number): string =>
  `k0smotron:control_plane_available:max == 0 and time() - ${ofControlPlane('available_changed_timestamp_seconds')} >= ${seconds}`

const ofControlPlanes: readonly Alert[] = [
  {
    name: 'K0smotronControlPlaneUnavailable',
    expr: `${unavailableFor(600)} and ${ofControlPlane('initialized')} == 1 unless ${ofControlPlane('available_unknown')} == 1 unless ${hibernatedWithin('10m')}`,
    for: '1m',
    severity: 'critical',
    summary: `The API server of ${controlPlane} has answered before, and has not for ten minutes`,
  },
  {
    name: 'K0smotronControlPlaneNotStarted',
    expr: `${unavailableFor(1800)} and ${ofControlPlane('initialized')} == 0 unless ${hibernatedWithin('30m')}`,
    for: '1m',
    severity: 'warning',
    summary: `The API server of ${controlPlane} has not answered once in half an hour`,
  },
  {
    // many pods take long one after another: what counts is that none gets further, also where another manager leads now
    name: 'K0smotronControlPlaneRollStuck',
    expr: `sum_over_time((${ofControlPlane('rolling_out')})[30m:1m]) >= 25 unless changes((${ofControlPlane('replicas_up_to_date')})[30m:1m]) > 0`,
    for: '5m',
    severity: 'warning',
    summary: `Pods of ${controlPlane} are being replaced, added or taken away: for half an hour, no pod has got further`,
  },
  {
    name: 'K0smotronControlPlaneDeletionStuck',
    expr: `time() - ${ofControlPlane('deletion_timestamp_seconds')} > 3600`,
    for: '5m',
    severity: 'warning',
    summary: `${controlPlane} has been going for an hour`,
  },
  {
    name: 'K0smotronControlPlaneUnknown',
    expr: `max by (${perControlPlane}, reason) (k0smotron_control_plane_unavailable) and on (${perControlPlane}) ${ofControlPlane('available_unknown')} == 1`,
    for: '5m',
    severity: 'warning',
    summary: `Whether the API server of ${controlPlane} answers is not known: {{ $labels.reason }}`,
  },
]

const databases = `max by (${perControlPlane}) (k0smotron:etcd_database_quota_used:ratio)`

const ofEtcd: readonly Alert[] = [
  {
    name: 'K0smotronEtcdNearlyFull',
    expr: `${databases} > 0.8`,
    for: '10m',
    severity: 'warning',
    summary: `A database of etcd of ${controlPlane} takes {{ $value | humanizePercentage }} of its quota, at which it refuses to write`,
  },
  {
    name: 'K0smotronEtcdAlmostFull',
    expr: `${databases} > 0.95`,
    for: '1m',
    severity: 'critical',
    summary: `A database of etcd of ${controlPlane} takes {{ $value | humanizePercentage }} of its quota, at which it refuses to write`,
  },
  {
    name: 'K0smotronEtcdAlarm',
    expr: `max by (${perControlPlane}, alarm) (k0smotron_control_plane_etcd_alarm) == 1`,
    for: '1m',
    severity: 'critical',
    summary: `etcd of ${controlPlane} refuses to write: alarm {{ $labels.alarm }}`,
  },
]

const ofCertificates: readonly Alert[] = (
  [
    ['K0smotronCertificateEndsIn30Days', 30, 7, 'info'],
    ['K0smotronCertificateEndsIn7Days', 7, 1, 'warning'],
    ['K0smotronCertificateEndsIn1Day', 1, undefined, 'critical'],
  ] as const
).map(([name, days, until, severity]) => ({
  name,
  expr: `k0smotron:certificate_left_seconds:min < ${days * day}${until ? ` >= ${until * day}` : ''} unless ${isRenewedLater}`,
  for: '15m',
  severity,
  summary: `The certificate {{ $labels.purpose }} of {{ $labels.namespace }}/{{ $labels.cluster }} ends in {{ $value | humanizeDuration }}, and is not renewed`,
}))

const ofManagers: readonly Alert[] = [
  {
    name: 'K0smotronManagerAbsent',
    expr: `absent(${ourLeases}) or (group by (name) (last_over_time(${ourLeases}[1d])) unless group by (name) (${ourLeases}))`,
    for: '10m',
    severity: 'critical',
    summary:
      'No manager {{ with index $labels "name" }}with the Lease {{ . }} {{ end }}is scraped: it does not run, or /metrics answers with an error',
  },
  {
    name: 'K0smotronNoLeader',
    expr: `sum by (name) (${ourLeases}) == 0`,
    for: '5m',
    severity: 'critical',
    summary: 'No manager holds the Lease {{ $labels.name }}: nothing is reconciled',
  },
  {
    name: 'K0smotronQueueStands',
    expr: `${waiting} > 0 unless sum by (controller) (rate(controller_runtime_reconcile_total[10m]) ${whereLeading}) > 0`,
    for: '15m',
    severity: 'critical',
    summary: 'Objects wait for {{ $labels.controller }}, and no pass of it has ended for a quarter of an hour',
  },
  {
    name: 'K0smotronPassStands',
    expr: `max by (controller) (workqueue_longest_running_processor_seconds ${whereLeading}) > 300`,
    for: '5m',
    severity: 'warning',
    summary: 'A pass of {{ $labels.controller }} runs for more than five minutes',
  },
  {
    name: 'K0smotronReconcileErrors',
    expr: `k0smotron:reconcile_errors:ratio_rate5m > 0.5 and k0smotron:reconcile_errors:rate5m > ${3 * perObjectRefused}`,
    for: '15m',
    severity: 'warning',
    summary: '{{ $value | humanizePercentage }} of the passes of {{ $labels.controller }} fail',
  },
  {
    name: 'K0smotronRequestErrors',
    expr: `sum by (instance) (rate(rest_client_requests_total{code=~"5..|<error>"}[5m]) ${whereLeading}) / sum by (instance) (rate(rest_client_requests_total[5m])) > 0.1`,
    for: '10m',
    severity: 'warning',
    summary: '{{ $value | humanizePercentage }} of the requests of the manager {{ $labels.instance }} fail',
  },
  {
    name: 'K0smotronKindUnreadable',
    expr: 'max by (group, kind, why) (watch_unreadable_kinds) == 1',
    for: '15m',
    severity: 'warning',
    summary: '{{ $labels.kind }}.{{ $labels.group }} cannot be read: {{ $labels.why }}',
  },
  {
    name: 'K0smotronMemory',
    expr: `${memoryUsed} > 0.9`,
    for: '15m',
    severity: 'warning',
    summary: 'The manager {{ $labels.instance }} uses {{ $value | humanizePercentage }} of its memory limit',
  },
  {
    name: 'K0smotronHeap',
    expr: `${heapUsed} > 0.9`,
    for: '15m',
    severity: 'warning',
    summary:
      'The heap of the manager {{ $labels.instance }} is {{ $value | humanizePercentage }} full; when it is full, the process ends',
  },
]

export const alerts: readonly Alert[] = [...ofControlPlanes, ...ofEtcd, ...ofCertificates, ...ofManagers]
