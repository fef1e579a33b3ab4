// The k0s pod is replaced, for every reason there is: what k0s deployed into the workload cluster stays the same objects — shell
import { k0smotronControlPlane, namesOf } from '@k0smotron-ts/api'
import { until } from '@k0smotron-ts/hack/testenv'
import { terminalProgress } from '@k0smotron-ts/hack/tools'
import { conditionIn } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyCluster, type ClusterOptions, patienceMs, untilAnswering } from '../harness/cluster.ts'
import { type K0sChoice, prepareK0s, usualVersion } from '../harness/k0s.ts'
import { type Stage, startStage } from '../harness/stage.ts'
import type { Workload } from '../harness/workload.ts'
import { addOnsOf, layBait, untilBaitIsTaken, untilDeployed } from './support/add-ons.ts'
import { describeWithEachK0s } from './support/each-k0s.ts'
import { makeNamespace } from './support/namespaces.ts'
import { ownLab } from './support/own-lab.ts'

const usual = { namespace: 'usual', name: 'usual' }
const usualStacks = ['coredns', 'kubeproxy', 'kuberouter', 'konnectivity', 'metricserver']
const other = { namespace: 'other', name: 'other' }
const otherStacks = ['coredns', 'kubeproxy', 'calico', 'calico_init', 'konnectivity']

const variables = { WORKER_MACHINE_COUNT: '0' } // what k0s deploys is there without a node to run it
const otherNetwork: ClusterOptions = {
  variables,
  changes: {
    K0smotronControlPlane: {
      spec: {
        controlPlaneFlags: ['--disable-components=metrics-server'],
        k0sConfig: { spec: { network: { provider: 'calico' } } },
      },
    },
  },
}

describeWithEachK0s('a k0s pod that is replaced', k0s => {
  /** An upgrade begins with the release before; of the real k0s there is only one. */
  const first: K0sChoice = k0s.kind === 'real' ? k0s : { kind: 'stand-in', version: 'v1.36.3+k0s.0' }
  const opened = new AsyncDisposableStack()
  let stage: Stage
  let workload: Workload
  let before: Readonly<Record<string, string>>

  beforeAll(async () => {
    stage = await startStage({ name: ownLab('replaced'), k0s: first })
    for (const { namespace } of [usual, other]) await makeNamespace(stage.kubectl, namespace)
    await applyCluster(stage, usual, { variables })
    await applyCluster(stage, other, otherNetwork)
    workload = opened.use(await untilAnswering(stage, usual))
    await untilDeployed(workload, usualStacks)
    before = await addOnsOf(workload)
  })

  afterAll(async () => {
    await opened.disposeAsync()
    await stage?.[Symbol.asyncDispose]()
  })

  const deletePod = ({ namespace, name }: typeof usual, ...flags: readonly string[]): Promise<unknown> =>
    stage.kubectl(['delete', 'pod', `${namesOf(name).statefulSet}-0`, `--namespace=${namespace}`, ...flags])
  const patch = (spec: object): Promise<unknown> => {
    const target = ['k0smotroncontrolplane', usual.name, `--namespace=${usual.namespace}`]
    return stage.kubectl(['patch', ...target, '--type=merge', `--patch=${JSON.stringify({ spec })}`])
  }

  /** Seen by what the new pod's k0s does, not by its being ready: that comes first. */
  async function expectSame(by: () => Promise<unknown>): Promise<void> {
    before = { ...(await addOnsOf(workload)), ...before }
    await layBait(workload, usualStacks)
    await by()
    await untilBaitIsTaken(workload)
    expect(await addOnsOf(workload)).toMatchObject(before)
  }

  test('because it was deleted', async () => {
    await expectSame(() => deletePod(usual))
  })

  test('because its node was lost: the next one starts beside a k0s that nobody told to end', async () => {
    await expectSame(() => deletePod(usual, '--force', '--grace-period=0'))
  })

  test('because its configuration changed', async () => {
    const controllerManager = { extraArgs: { 'node-monitor-grace-period': '41s' } }
    await expectSame(() => patch({ k0sConfig: { spec: { controllerManager } } }))
  })

  const noSecond = k0s.kind === 'real' ? ' (the real k0s needs an archive of a second release)' : ''
  test.skipIf(noSecond)(`because its version changed${noSecond}`, async () => {
    const next = await prepareK0s({ kind: 'stand-in', version: usualVersion }, terminalProgress())
    const [archive = ''] = next.archives
    await stage.lab.importImage(archive)
    await expectSame(() => patch({ version: usualVersion }))
    const { client } = stage.management
    const isAvailable = await until(
      client,
      { type: k0smotronControlPlane, key: usual, patienceMs },
      found =>
        found?.status?.version === usualVersion && conditionIn(found.status.conditions, 'Available')?.status === 'True',
    )
    expect(isAvailable.status?.version).toBe(usualVersion)
  })

  test('with another network provider and a component that is switched off', async () => {
    await using calico = await untilAnswering(stage, other)
    await untilDeployed(calico, otherStacks)
    const deployed = await addOnsOf(calico)
    await layBait(calico, otherStacks)
    await deletePod(other)
    await untilBaitIsTaken(calico)
    expect(await addOnsOf(calico)).toMatchObject(deployed)
    expect(Object.keys(deployed).join(' ')).not.toMatch(/metrics?-server|kube-router/)
  })
})
