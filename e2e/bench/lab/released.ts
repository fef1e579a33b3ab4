// From the files of a release to control planes that answer, as a newcomer without Cluster API sees it — shell
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { kubectlWith } from '@k0smotron-ts/hack/testenv'
import { nameAsPublished } from '../../harness/published-images.ts'
import { type ReleasedStage, startReleasedStage } from '../../harness/released.ts'
import type { Row } from '../row.ts'
import type { BenchOptions, Scenario } from '../scenario.ts'
import { inLab, stopwatch } from './in-lab.ts'

const scenario = 'released'
const version = 'v0.1.0'

export const released: Scenario = {
  name: scenario,
  description:
    'install.yaml until its controllers are Ready, `Cluster` with `spec: {}` until it answers (root on Linux)',
  isSlow: false,
  run: options => inLab(scenario, options, measure),
}

async function measure({ rounds, say }: BenchOptions): Promise<readonly Row[]> {
  await using stage = await startReleasedStage({ name: 'bench-released', versions: [version] })
  say(`${scenario}: ${stage.k0s.title}, on one node`)
  await nameAsPublished(stage) // `spec: {}` names no image of the lab
  const sinceApply = stopwatch()
  await install(stage)
  const installed = sinceApply()
  say(`  controllers Ready after ${installed.toFixed(2)} s`)
  const usable: number[] = []
  for (let nth = 1; nth <= rounds + 1; nth++) {
    const since = stopwatch()
    await makeCluster(stage, `round-${nth}`)
    const seconds = since()
    say(`  spec: {} answers after ${seconds.toFixed(2)} s`)
    usable.push(seconds)
    await stage.kubectl(['delete', '--timeout=10m', `kmc/round-${nth}`])
  }
  const [first = Number.NaN, ...later] = usable
  const row = { scenario, unit: 's' }
  return [
    { ...row, metric: 'kubectl apply -f install.yaml → controllers Ready', value: installed, budget: 15 },
    { ...row, metric: 'spec: {} → usable kubeconfig, the first after the installation', value: first, budget: null },
    { ...row, metric: 'spec: {} → usable kubeconfig', value: Math.min(...later), budget: 12 },
  ]
}

async function install({ kubectl, releases }: ReleasedStage): Promise<void> {
  await kubectl(['apply', '--server-side', '-f', join(releases[version] ?? '', 'install.yaml')])
  await kubectl(['rollout', 'status', 'deployment', '--namespace=k0smotron', '--timeout=10m'])
}

/** Resolves when the kubeconfig of its Secret has listed the namespaces, from outside of the management cluster. */
async function makeCluster({ kubectl, folder }: ReleasedStage, name: string): Promise<void> {
  const cluster = { apiVersion: 'k0smotron.io/v1beta2', kind: 'Cluster', metadata: { name }, spec: {} }
  await kubectl(['apply', '-f', '-'], JSON.stringify(cluster))
  await kubectl(['wait', '--for=condition=Available', '--timeout=10m', `kmc/${name}`])
  const secret = await kubectl(['get', 'secret', `${name}-kubeconfig`, '--output=jsonpath={.data.value}'])
  const file = join(folder, `${name}.kubeconfig`)
  await writeFile(file, Buffer.from(secret, 'base64'), { mode: 0o600 })
  await (await kubectlWith(file))(['get', 'namespaces'])
}
