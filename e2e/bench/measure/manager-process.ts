// A bundled manager as a process of its own, under its own RBAC — shell
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { memoryLimitMiB, providerNamespace as namespace, nodeEnvironment, nodeFlagsWithin } from '@k0smotron-ts/config'
import { bundlePath, type ProviderName } from '@k0smotron-ts/hack/managers'
import type { ChildProcess } from '@k0smotron-ts/hack/programs'
import type { Management } from '@k0smotron-ts/hack/testenv'
import { metricsPortIn, sumOf } from '../../harness/manager-metrics.ts'
import { type Usage, usageOf } from './process-usage.ts'
import { within } from './within.ts'

export interface ManagerProcess extends AsyncDisposable {
  /** In the audit log. */
  readonly user: string
  usage(): Promise<Usage>
  /** Reconcile passes since its start. */
  passes(): Promise<number>
  /** Resolves when at least so many passes are over and no key waits. */
  untilIdle(passes: number): Promise<void>
  /** Ends it as a node that is drained would. */
  stop(): Promise<void>
}

/** Seconds; a start waits for the lease of one that was killed. */
const patience = 120
const accounts = { 'control-plane': 'k0smotron-control-plane', bootstrap: 'k0smotron-bootstrap' } as const

/** As a release starts it, lease included; resolves when its controllers work. `bundle` is a folder of `bundleManagers`, `more` are flags. */
export async function startManager(
  { env }: Management,
  provider: ProviderName,
  bundle: string,
  more: readonly string[] = [],
): Promise<ManagerProcess> {
  const name = accounts[provider]
  const log = join(env.dir, `${name}.${process.hrtime.bigint()}.log`)
  const output = openSync(log, 'a')
  const kubeconfig = await env.kubeconfigFor({ serviceAccount: { namespace, name } })
  const args = [
    ...nodeFlagsWithin(memoryLimitMiB),
    bundlePath(provider, bundle),
    `--kubeconfig=${kubeconfig}`,
    '--leader-elect',
    '--health-probe-bind-address=127.0.0.1:0',
    '--diagnostics-address=127.0.0.1:0',
    '--insecure-diagnostics',
    '--hosted-api=endpoint', // outside of the cluster, Services cannot be reached
    '--allow-workload-addresses=127.0.0.0/8',
    ...more,
  ]
  const child = env.workspace.spawn(process.execPath, args, {
    output,
    env: { ...process.env, ...nodeEnvironment, POD_NAMESPACE: namespace },
  })
  closeSync(output)
  const port = await within(patience, () => `${name} is not started; see ${log}`, untilStarted(log, child.process))
  const pid = child.process.pid ?? 0
  const metrics = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const stop = async () => {
    child.process.kill('SIGTERM')
    await child.gone
  }
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    usage: () => usageOf(pid),
    passes: async () => sumOf(await metrics(), 'controller_runtime_reconcile_total'),
    untilIdle: passes =>
      within(patience, () => `${name} is not idle after ${passes} passes`, untilIdle(metrics, passes)),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

async function untilIdle(metrics: () => Promise<string>, passes: number): Promise<void> {
  for (;;) {
    const text = await metrics()
    const busy = sumOf(text, 'workqueue_depth') + sumOf(text, 'controller_runtime_active_workers')
    if (busy === 0 && sumOf(text, 'controller_runtime_reconcile_total') >= passes) return
    await delay(100)
  }
}

/** The port of the metrics. */
async function untilStarted(log: string, child: Pick<ChildProcess, 'exitCode' | 'signalCode'>): Promise<number> {
  for (;;) {
    const text = await readFile(log, 'utf8')
    const port = metricsPortIn(text)
    if (port !== undefined && text.includes('Controllers started')) return port
    const end = child.exitCode ?? child.signalCode
    if (end !== null) throw new Error(`The manager ended with ${end}:\n${text}`)
    await delay(10)
  }
}
