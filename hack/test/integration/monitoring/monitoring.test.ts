// Rules and panels ask for what a manager has, and alerts fire when they should: by Prometheus's own parser and engine — shell
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { k0smotronCluster } from '@k0smotron-ts/api'
import { releaseOf } from '@k0smotron-ts/config'
import { controlPlaneProvider } from '@k0smotron-ts/controlplane'
import { createMetrics } from '@k0smotron-ts/runtime/shell'
import { dump, load } from 'js-yaml'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { execFile } from '../../../programs/start.ts'
import { startManagement } from '../../../testenv/index.ts'
import { binaries } from '../../../tools/binaries.ts'

interface Rule {
  readonly alert?: string
  readonly record?: string
  readonly expr: string
  readonly annotations?: Readonly<Record<string, string>>
}

interface Dashboard {
  readonly panels: readonly {
    readonly id: number
    readonly title: string
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
    readonly targets: readonly { readonly refId: string; readonly expr: string }[]
  }[]
}

interface Groups {
  readonly groups: readonly { readonly rules: readonly Rule[] }[]
}

const release = releaseOf({ version: 'v0.1.0', image: 'x' })
const contentOf = (name: string): string => release.find(({ path }) => path === name)?.content ?? ''
const rules = (load(contentOf('alert-rules.yaml')) as Groups).groups.flatMap(group => group.rules)
const { panels } = JSON.parse(contentOf('grafana-dashboard.json')) as Dashboard
const shown = panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr })))

let prometheus: string
let folder: string
/** What a manager answers at /metrics that keeps one control plane. */
let recorded: string
/** In seconds. */
let recordedAt: number

beforeAll(async () => {
  prometheus = (await binaries(['prometheus'])).prometheus
  folder = await mkdtemp(join(tmpdir(), 'monitoring-'))
  await writeFile(join(folder, 'rules.yaml'), contentOf('alert-rules.yaml'))
  recorded = await record()
  recordedAt = Math.floor(Date.now() / 1000)
})
afterAll(() => rm(folder, { recursive: true }))

async function record(): Promise<string> {
  const metrics = createMetrics()
  await using world = await startManagement({})
  await using _ = await world.start(controlPlaneProvider, 'k0smotron-standalone', {
    metrics,
    enableController: 'standalone',
  })
  const key = { namespace: 'default', name: 'recorded' }
  await world.client.create(k0smotronCluster, {
    apiVersion: 'k0smotron.io/v1beta2',
    kind: 'Cluster',
    metadata: key,
    spec: { replicas: 1, version: 'v1.36.3+k0s.1' },
  })
  await world.until(k0smotronCluster, key, ({ status }) => status?.certificatesExpireAt !== undefined)
  await world.quiet()
  metrics.leads('recorded.k0smotron.io', true)
  metrics.request({ code: '200', host: 'api', method: 'GET' })
  return metrics.registry.metrics()
}

const run = promisify(execFile)

/** Throws with what Prometheus says is wrong with one of them. */
async function namesIn(queries: readonly string[]): Promise<readonly string[]> {
  const file = join(folder, 'queries.json')
  await writeFile(file, JSON.stringify(queries))
  const { stdout } = await run(prometheus, ['names', file])
  return [...new Set((JSON.parse(stdout) as readonly (readonly string[])[]).flat())]
}

/** Those of the recorded text, and what the rules record. */
function known(): ReadonlySet<string> {
  const types = [...recorded.matchAll(/^# TYPE (\S+) (\S+)$/gm)]
  const measured = types.flatMap(([, name = '', type]) => (type === 'histogram' ? [`${name}_bucket`] : [name]))
  return new Set([...measured, ...rules.flatMap(({ record: name }) => name ?? [])])
}

test('every rule asks for metrics that there are', async () => {
  const names = await namesIn(rules.map(({ expr }) => expr))
  expect(names.length).toBeGreaterThan(15)
  expect(names.filter(name => !known().has(name))).toEqual([])
})

test('every panel asks for metrics that there are, or for what Prometheus knows of alerts', async () => {
  const names = await namesIn(shown.map(({ expr }) => expr))
  expect(names.length).toBeGreaterThan(15)
  expect(names.filter(name => !known().has(name))).toEqual(['ALERTS'])
})

test('panels are side by side, within 24 columns, and each has a number of its own', () => {
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, index) => `${x + (index % w)}/${y + Math.floor(index / w)}`),
  )
  expect(new Set(cells).size).toBe(cells.length)
  expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([])
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  for (const { targets } of panels) expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length)
})

test('each alert fires when it should, and not a minute before', async () => {
  const tests = join(folder, 'rules.test.yaml')
  await writeFile(tests, await readFile(join(import.meta.dirname, 'rules.test.yaml')))
  await expect(run(prometheus, ['test', tests])).resolves.toMatchObject({ stderr: '' })
})

test('the recorded series have the labels by which rules ask: of what was recorded, what is wrong is told, and nothing else', async () => {
  const labels = { namespace: 'default', name: 'recorded', kind: 'Cluster', cluster: 'recorded' }
  const alertTest = ({ alert = '' }: Rule) => ({
    eval_time: '2h',
    alertname: alert,
    exp_alerts:
      alert === 'K0smotronControlPlaneNotStarted'
        ? [
            {
              exp_labels: { ...labels, severity: 'warning' },
              exp_annotations: {
                summary: 'The API server of Cluster default/recorded has not answered once in half an hour',
                runbook: 'docs/monitoring.md#k0smotroncontrolplanenotstarted',
              },
            },
          ]
        : [],
  })
  const count = (expr: string, value: number, compared = '') => ({
    expr: `count(${expr}) ${compared}`,
    eval_time: '2h',
    exp_samples: [{ labels: '{}', value }],
  })
  const tests = {
    rule_files: ['rules.yaml'],
    evaluation_interval: '1m',
    tests: [
      {
        name: 'recorded',
        interval: '1m',
        input_series: seriesIn(recorded),
        alert_rule_test: rules.filter(({ alert }) => alert).map(alertTest),
        promql_expr_test: [
          count('k0smotron:control_planes:count{kind="Cluster"} == 1', 1),
          count('k0smotron:certificate_left_seconds:min{cluster="recorded",kind="Cluster"}', 6),
          count('k0smotron_certificate_renewal_timestamp_seconds{cluster="recorded",kind="Cluster"} > time()', 3),
          ...shown.filter(({ title }) => !silent.includes(title)).map(({ expr }) => count(expr, 1, '> bool 0')),
        ],
      },
    ],
  }
  const file = join(folder, 'recorded.test.yaml')
  await writeFile(file, dump(tests, { noRefs: true }))
  const { stderr } = await run(prometheus, ['test', '--some', file])
  expect(stderr).toBe('')
})

/** Of a control plane at rest, whose etcd was not asked yet. */
const silent: readonly string[] = [
  'Alerts',
  'Pods that are being replaced, added or taken away',
  'Databases of etcd that are nearest to their quota',
  'What defragmentation would give back',
]

/** As they stay for two hours, which begin when they were recorded; scraped from one manager. */
function seriesIn(text: string): readonly object[] {
  const lines = text.split('\n').filter(line => /^[a-z].* [-+\d.e]+$/.test(line))
  return lines.map(line => {
    const [, name = '', labels = '', value = ''] = /^([^{\s]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
    const since = name.endsWith('_timestamp_seconds') ? recordedAt : 0
    return {
      series: `${name}{${[labels, 'instance="a"', 'job="k0smotron"'].filter(Boolean).join(',')}}`,
      values: `${Number(value) - since}x130`,
    }
  })
}

test('the page says of each alert what it means, under the heading that it leads to', async () => {
  const page = await readFile(join(import.meta.dirname, '../../../../docs/monitoring.md'), 'utf8')
  const headings = [...page.matchAll(/^#+ (\S+)$/gm)].map(
    ([, heading = '']) => `docs/monitoring.md#${heading.toLowerCase()}`,
  )
  const runbooks = rules.flatMap(({ annotations }) => annotations?.runbook ?? [])
  expect(runbooks.length).toBeGreaterThan(10)
  expect(runbooks.filter(runbook => !headings.includes(runbook))).toEqual([])
})
