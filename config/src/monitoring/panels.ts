// Panels of the dashboard, from the top: what is broken and why, what will be, and the managers — core
import { heapUsed, memoryUsed, ofControlPlane, ourLeases, perControlPlane, waiting, whereLeading } from './series.ts'

interface Query {
  readonly expr: string
  /** How a series is called; a table shows its labels instead. */
  readonly legend?: string
}

export interface Panel {
  readonly title: string
  readonly description: string
  readonly type: 'stat' | 'table' | 'timeseries'
  /** Of 24 columns. */
  readonly width: number
  readonly height: number
  /** Of the value, as Grafana calls it. */
  readonly unit: string
  /** What the value of a table is called. */
  readonly value?: string
  readonly queries: readonly Query[]
}

const since = `max by (${perControlPlane}, reason) (k0smotron_control_plane_unavailable) * on (${perControlPlane}) group_left () ${ofControlPlane('available_changed_timestamp_seconds')} * 1000`

const whatIsBroken: readonly Panel[] = [
  {
    title: 'Control planes',
    description: 'How many there are, and how many of them are not available.',
    type: 'stat',
    width: 6,
    height: 8,
    unit: 'none',
    queries: [
      { expr: 'sum(k0smotron:control_planes:count)', legend: 'all' },
      { expr: 'sum(k0smotron:control_planes_unavailable:count)', legend: 'not available' },
    ],
  },
  {
    title: 'Not available: why, and since when',
    description: 'The reason is that of the condition; docs/troubleshooting.md has a row for each.',
    type: 'table',
    width: 18,
    height: 8,
    unit: 'dateTimeAsIso',
    value: 'since',
    queries: [{ expr: since }],
  },
  {
    title: 'Alerts',
    description: 'What fires now; docs/monitoring.md says what each means.',
    type: 'table',
    width: 12,
    height: 8,
    unit: 'none',
    value: 'firing',
    queries: [{ expr: 'ALERTS{alertname=~"K0smotron.+",alertstate="firing"}' }],
  },
  {
    title: 'Not available, over time',
    description:
      'One that goes away alone is its own trouble; many at once are that of a node, a network or the management cluster.',
    type: 'timeseries',
    width: 12,
    height: 8,
    unit: 'none',
    queries: [{ expr: 'k0smotron:control_planes_unavailable:count', legend: '{{kind}}' }],
  },
]

const whatWillBe: readonly Panel[] = [
  {
    title: 'Pods that are missing',
    description: 'Pods that are to be there and are not ready; replicas that have no effect are not counted.',
    type: 'table',
    width: 8,
    height: 8,
    unit: 'none',
    value: 'pods',
    queries: [{ expr: `${ofControlPlane('replicas_wanted')} - ${ofControlPlane('replicas_ready')} > 0` }],
  },
  {
    title: 'Pods that are being replaced, added or taken away',
    description: 'How many run what the spec asks for.',
    type: 'table',
    width: 8,
    height: 8,
    unit: 'none',
    value: 'up to date',
    queries: [{ expr: `${ofControlPlane('replicas_up_to_date')} and ${ofControlPlane('rolling_out')} == 1` }],
  },
  {
    title: 'Certificates that end first',
    description: 'Leaf certificates are renewed when two thirds of their life are over.',
    type: 'table',
    width: 8,
    height: 8,
    unit: 's',
    value: 'left',
    queries: [{ expr: 'bottomk(20, k0smotron:certificate_left_seconds:min)' }],
  },
]

const databases: readonly Panel[] = [
  {
    title: 'Databases of etcd that are nearest to their quota',
    description: 'At its quota etcd refuses to write.',
    type: 'table',
    width: 12,
    height: 8,
    unit: 'percentunit',
    value: 'used',
    queries: [{ expr: 'topk(20, k0smotron:etcd_database_quota_used:ratio)' }],
  },
  {
    title: 'What defragmentation would give back',
    description: 'Pages of the databases of etcd that compaction has freed.',
    type: 'timeseries',
    width: 12,
    height: 8,
    unit: 'bytes',
    queries: [
      {
        expr: `topk(20, max by (${perControlPlane}, member) (k0smotron_control_plane_etcd_database_size_bytes - k0smotron_control_plane_etcd_database_in_use_bytes))`,
        legend: '{{namespace}}/{{name}} {{member}}',
      },
    ],
  },
]

const managers: readonly Panel[] = [
  {
    title: 'Managers',
    description: '1: has the Lease, and works. 0: waits for it.',
    type: 'table',
    width: 8,
    height: 8,
    unit: 'none',
    value: 'leads',
    queries: [{ expr: `max by (name, instance) (${ourLeases})` }],
  },
  {
    title: 'Memory',
    description: 'Of the limit of the container, and of the limit of the heap.',
    type: 'timeseries',
    width: 8,
    height: 8,
    unit: 'percentunit',
    queries: [
      {
        expr: memoryUsed,
        legend: 'memory {{instance}}',
      },
      {
        expr: heapUsed,
        legend: 'heap {{instance}}',
      },
    ],
  },
  {
    title: 'Requests to the management cluster',
    description: 'By status, of the managers that lead.',
    type: 'timeseries',
    width: 8,
    height: 8,
    unit: 'reqps',
    queries: [{ expr: `sum by (code) (rate(rest_client_requests_total[5m]) ${whereLeading})`, legend: '{{code}}' }],
  },
  {
    title: 'How long passes take',
    description: '99 of 100 take less.',
    type: 'timeseries',
    width: 8,
    height: 8,
    unit: 's',
    queries: [{ expr: 'k0smotron:reconcile_seconds:p99_rate5m', legend: '{{controller}}' }],
  },
  {
    title: 'Passes that fail',
    description: 'Their share.',
    type: 'timeseries',
    width: 8,
    height: 8,
    unit: 'percentunit',
    queries: [{ expr: 'k0smotron:reconcile_errors:ratio_rate5m', legend: '{{controller}}' }],
  },
  {
    title: 'Objects that wait for a pass',
    description: 'Of the managers that lead.',
    type: 'timeseries',
    width: 8,
    height: 8,
    unit: 'none',
    queries: [{ expr: waiting, legend: '{{controller}}' }],
  },
]

export const panels: readonly Panel[] = [...whatIsBroken, ...whatWillBe, ...databases, ...managers]
