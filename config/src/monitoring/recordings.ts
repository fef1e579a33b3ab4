// Series that rules record for dashboards and alerts — core
import { ofControlPlane, quotaUsed, secondsLeft, whereLeading } from './series.ts'

interface Recording {
  readonly record: string
  readonly expr: string
}

const passes = (outcome: string): string =>
  `sum by (controller) (rate(controller_runtime_reconcile_${outcome}[5m]) ${whereLeading})`

export const recordings: readonly Recording[] = [
  { record: 'k0smotron:control_plane_available:max', expr: ofControlPlane('available') },
  { record: 'k0smotron:control_planes:count', expr: 'count by (kind) (k0smotron:control_plane_available:max)' },
  {
    record: 'k0smotron:control_planes_unavailable:count',
    expr: 'sum by (kind) (1 - k0smotron:control_plane_available:max)',
  },
  { record: 'k0smotron:etcd_database_quota_used:ratio', expr: quotaUsed },
  { record: 'k0smotron:certificate_left_seconds:min', expr: secondsLeft },
  { record: 'k0smotron:reconcile_errors:rate5m', expr: passes('errors_total') },
  { record: 'k0smotron:reconcile_errors:ratio_rate5m', expr: `${passes('errors_total')} / ${passes('total')}` },
  {
    record: 'k0smotron:reconcile_seconds:p99_rate5m',
    expr: `histogram_quantile(0.99, sum by (controller, le) (rate(controller_runtime_reconcile_time_seconds_bucket[5m]) ${whereLeading}))`,
  },
]
