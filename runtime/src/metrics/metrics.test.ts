// All metrics of one manager — shell
import { expect, test } from 'vitest'
import { createMetrics } from './metrics.ts'

/** The samples whose line starts so. */
async function samples(metrics: ReturnType<typeof createMetrics>, prefix: string): Promise<string[]> {
  const text = await metrics.registry.metrics()
  return text.split('\n').filter(line => line.startsWith(prefix))
}

test('a controller shows its series, with zeros, before its first pass', async () => {
  const metrics = createMetrics()
  metrics.reconcile('cluster', { concurrency: 5, active: () => 2 })
  metrics.queue('cluster', () => ({ depth: 3, runningMs: () => [1500, 500] }))

  expect(await samples(metrics, 'controller_runtime_reconcile_total')).toEqual([
    'controller_runtime_reconcile_total{controller="cluster",result="success"} 0',
    'controller_runtime_reconcile_total{controller="cluster",result="requeue"} 0',
    'controller_runtime_reconcile_total{controller="cluster",result="requeue_after"} 0',
    'controller_runtime_reconcile_total{controller="cluster",result="error"} 0',
  ])
  expect(await samples(metrics, 'controller_runtime_max')).toEqual([
    'controller_runtime_max_concurrent_reconciles{controller="cluster"} 5',
  ])
  expect(await samples(metrics, 'controller_runtime_active')).toEqual([
    'controller_runtime_active_workers{controller="cluster"} 2',
  ])
  const labels = '{name="cluster",controller="cluster"}'
  expect(await samples(metrics, 'workqueue_')).toEqual(
    expect.arrayContaining([
      `workqueue_depth${labels} 3`,
      `workqueue_unfinished_work_seconds${labels} 2`,
      `workqueue_longest_running_processor_seconds${labels} 1.5`,
      `workqueue_adds_total${labels} 0`,
    ]),
  )
})

test('passes and keys are counted and timed in seconds', async () => {
  const metrics = createMetrics()
  const passes = metrics.reconcile('cluster', { concurrency: 5, active: () => 0 })
  passes.passed('success', 250)
  passes.passed('error', 750)
  const keys = metrics.queue('cluster', () => ({ depth: 0, runningMs: () => [] }))
  keys.added()
  keys.taken(2_000)
  keys.finished(3_000)
  keys.retried()
  keys.braked()

  expect([
    ...(await samples(metrics, 'controller_runtime_reconcile_errors_total{')),
    ...(await samples(metrics, 'controller_runtime_reconcile_time_seconds_sum')),
    ...(await samples(metrics, 'workqueue_adds_total{')),
    ...(await samples(metrics, 'workqueue_retries_total{')),
    ...(await samples(metrics, 'workqueue_braked_total{')),
    ...(await samples(metrics, 'workqueue_queue_duration_seconds_sum')),
    ...(await samples(metrics, 'workqueue_work_duration_seconds_sum')),
  ]).toEqual([
    'controller_runtime_reconcile_errors_total{controller="cluster"} 1',
    'controller_runtime_reconcile_time_seconds_sum{controller="cluster"} 1',
    'workqueue_adds_total{name="cluster",controller="cluster"} 1',
    'workqueue_retries_total{name="cluster",controller="cluster"} 1',
    'workqueue_braked_total{name="cluster",controller="cluster"} 1',
    'workqueue_queue_duration_seconds_sum{name="cluster",controller="cluster"} 2',
    'workqueue_work_duration_seconds_sum{name="cluster",controller="cluster"} 3',
  ])
})

test('requests, the lease and the Node process show too, and two managers do not share them', async () => {
  const [one, other] = [createMetrics(), createMetrics()]
  one.request({ code: '200', host: 'api:6443', method: 'GET' })
  one.leads('abc.k0smotron.io', true)

  expect(await samples(one, 'rest_client_requests_total{')).toEqual([
    'rest_client_requests_total{code="200",host="api:6443",method="GET"} 1',
  ])
  expect(await samples(one, 'leader_election_master_status{')).toEqual([
    'leader_election_master_status{name="abc.k0smotron.io"} 1',
  ])
  expect(await samples(one, 'process_resident_memory_bytes')).toHaveLength(1)
  for (const limit of ['nodejs_heap_size_limit_bytes', 'process_memory_limit_bytes']) {
    expect(await samples(one, limit)).toEqual([expect.stringMatching(/ \d{6,}$/)])
  }
  expect(await samples(other, 'rest_client_requests_total{')).toEqual([])
})

test('tells when certificates expire, until the object is gone', async () => {
  const metrics = createMetrics()
  const key = { namespace: 'team', name: 'prod-cp', kind: 'K0smotronControlPlane' }
  const shown = () => samples(metrics, 'k0smotron_certificate_expiration_timestamp_seconds{')
  const at = new Date(1_800_000_000_999)
  const report = (...purposes: string[]) => ({
    cluster: 'prod',
    ends: Object.fromEntries(purposes.map(purpose => [purpose, at])),
    dues: {},
    renewals: {},
  })
  metrics.certificates(key, report('ca', 'etcd-peer'))
  metrics.certificates({ ...key, kind: 'Cluster' }, report('ca'))
  metrics.certificates(key, report('ca'))
  const series = (kind: string) =>
    `k0smotron_certificate_expiration_timestamp_seconds{namespace="team",cluster="prod",kind="${kind}",purpose="ca"} 1800000000`
  expect(await shown()).toEqual([series('Cluster'), series('K0smotronControlPlane')])
  metrics.certificates(key, undefined)
  expect(await shown()).toEqual([series('Cluster')])
})

test('tells when certificates are to be renewed, until they are not or the object is gone', async () => {
  const metrics = createMetrics()
  const key = { namespace: 'team', name: 'prod-cp', kind: 'Cluster' }
  const shown = () => samples(metrics, 'k0smotron_certificate_renewal_timestamp_seconds{')
  const report = (dues: Readonly<Record<string, Date>>) => ({ cluster: 'prod', ends: {}, dues, renewals: {} })
  const at = new Date(1_800_000_000_999)
  const series = (purpose: string) =>
    `k0smotron_certificate_renewal_timestamp_seconds{namespace="team",cluster="prod",kind="Cluster",purpose="${purpose}"} 1800000000`
  metrics.certificates(key, report({ 'etcd-peer': at, 'etcd-server': at }))
  expect(await shown()).toEqual([series('etcd-peer'), series('etcd-server')])
  metrics.certificates(key, report({ 'etcd-peer': at }))
  expect(await shown()).toEqual([series('etcd-peer')])
  metrics.certificates(key, undefined)
  expect(await shown()).toEqual([])
})

test('counts how renewals of certificates went, until the object is gone', async () => {
  const metrics = createMetrics()
  const key = { namespace: 'team', name: 'prod-cp', kind: 'K0smotronControlPlane' }
  const shown = () => samples(metrics, 'k0smotron_certificate_renewal_total{')
  const renew = (renewals: Readonly<Record<string, 'success' | 'error'>>) =>
    metrics.certificates(key, { cluster: 'prod', ends: {}, dues: {}, renewals })
  renew({})
  renew({ 'etcd-peer': 'error' })
  renew({ 'etcd-peer': 'error', 'etcd-server': 'success' })
  renew({ 'etcd-peer': 'success' })
  const series = (purpose: string, result: string, count: number) =>
    `k0smotron_certificate_renewal_total{namespace="team",cluster="prod",purpose="${purpose}",result="${result}"} ${count}`
  expect(await shown()).toEqual([
    series('etcd-peer', 'error', 2),
    series('etcd-server', 'success', 1),
    series('etcd-peer', 'success', 1),
  ])
  metrics.certificates(key, undefined)
  expect(await shown()).toEqual([])
})

test('shows what was told of each object last, until the object is gone', async () => {
  const metrics = createMetrics()
  const tell = metrics.objects([
    { name: 'thing_ready', help: 'Whether a thing is ready' },
    { name: 'thing_unready', help: 'Why a thing is not ready', label: 'reason' },
  ])
  const shown = () => samples(metrics, 'thing_')
  const labels = (kind: string) => `namespace="team",name="a",kind="${kind}",cluster="prod"`
  const key = { namespace: 'team', name: 'a' }
  const report = (...told: readonly { gauge: string; value: number; label?: string }[]) => ({
    cluster: 'prod',
    samples: told,
  })
  const unready = (label: string) =>
    report({ gauge: 'thing_ready', value: 0 }, { gauge: 'thing_unready', value: 1, label })

  tell({ ...key, kind: 'Thing' }, unready('Waits'))
  tell({ ...key, kind: 'Thing' }, unready('Fails'))
  tell({ ...key, kind: 'Other' }, report({ gauge: 'thing_ready', value: 1 }))
  expect(await shown()).toEqual([
    `thing_ready{${labels('Thing')}} 0`,
    `thing_ready{${labels('Other')}} 1`,
    `thing_unready{${labels('Thing')},reason="Fails"} 1`,
  ])
  tell({ ...key, kind: 'Thing' }, undefined)
  expect(await shown()).toEqual([`thing_ready{${labels('Other')}} 1`])
})
