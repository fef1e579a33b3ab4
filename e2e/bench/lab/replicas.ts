// Three replicas on etcd with real pods: from one, and from nothing — shell
import type { ObjectKey } from '@k0smotron-ts/api'
import { isLease } from '@k0smotron-ts/hack/testenv'
import { applyCluster } from '../../harness/cluster.ts'
import { type Stage, startStage } from '../../harness/stage.ts'
import { makeNamespace } from '../../scenarios/support/namespaces.ts'
import { untilSettled } from '../../scenarios/support/settled.ts'
import type { Row } from '../row.ts'
import type { BenchOptions, Scenario } from '../scenario.ts'
import { inLab, stopwatch } from './in-lab.ts'

const scenario = 'replicas'
const variables = { WORKER_MACHINE_COUNT: '0' }

export const replicas: Scenario = {
  name: scenario,
  description: 'three replicas with three members of etcd, from one and from nothing (root on Linux)',
  isSlow: false,
  run: options => inLab(scenario, options, measure),
}

/** Once each: a round takes minutes. */
async function measure({ say }: BenchOptions): Promise<readonly Row[]> {
  await using stage = await startStage({ name: 'bench' })
  say(`replicas: ${stage.k0s.title}, on one node`)
  const grows = { namespace: scenario, name: 'grows' }
  await makeNamespace(stage.kubectl, scenario)
  await applyCluster(stage, grows, { variables })
  await untilSettled(stage, grows, 1)
  const grown = await cost(stage, grows, () => grow(stage, grows))
  const begins = { namespace: scenario, name: 'begins' }
  const changes = { K0smotronControlPlane: { spec: { replicas: 3 } } }
  const begun = await cost(stage, begins, () => applyCluster(stage, begins, { variables, changes }))
  say(`  1 → 3 in ${grown.seconds.toFixed(2)} s, three from nothing in ${begun.seconds.toFixed(2)} s`)
  const seconds = { scenario, unit: 's' }
  const count = { scenario, unit: '' }
  return [
    { ...seconds, metric: '1 → 3 replicas, all ready', value: grown.seconds, budget: 25 },
    { ...count, metric: '1 → 3 replicas, requests', value: grown.requests, budget: null },
    { ...seconds, metric: 'three replicas from nothing, all ready', value: begun.seconds, budget: 20 },
    { ...count, metric: 'three replicas from nothing, requests', value: begun.requests, budget: null },
  ]
}

async function grow({ kubectl }: Stage, { name, namespace = '' }: ObjectKey): Promise<unknown> {
  const patch = '--patch={"spec":{"replicas":3}}'
  return kubectl(['patch', 'k0smotroncontrolplane', name, `--namespace=${namespace}`, '--type=merge', patch])
}

/** Until three serve and nothing changes any more. */
async function cost(stage: Stage, key: ObjectKey, ask: () => Promise<unknown>) {
  const { management, managers } = stage
  const users = managers.map(({ user }) => user)
  await management.quiet(users)
  const mark = await management.env.auditLog.mark()
  const since = stopwatch()
  await ask()
  await untilSettled(stage, key, 3)
  const seconds = since()
  const entries = await management.env.auditLog.since(mark)
  return { seconds, requests: entries.filter(entry => users.includes(entry.user) && !isLease(entry)).length }
}
