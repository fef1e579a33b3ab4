// Our two managers as processes of their own, as a release starts them, each under its own RBAC — shell
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { memoryLimitMiB, nodeEnvironment, nodeFlagsWithin, providerNamespace } from '@k0smotron-ts/config'
import { bundleManagers, bundlePath, type ProviderName, providerNames } from '@k0smotron-ts/hack/managers'
import type { TestEnv } from '@k0smotron-ts/hack/testenv'
import type { BoundChild } from '@k0smotron-ts/hack/tools'

const accounts: Readonly<Record<ProviderName, string>> = {
  'control-plane': 'k0smotron-control-plane',
  bootstrap: 'k0smotron-bootstrap',
}

/** One manager, which may be started and ended any number of times; two at once are never there. */
export interface Manager {
  readonly provider: ProviderName
  /** In the audit log. */
  readonly user: string
  /** Of its present or last process. */
  readonly log: string
  /** Likewise. */
  readonly pid: number
  /** Resolves when its controllers work, or when it was killed before. `more`: flags of this process only. */
  start(more?: readonly string[]): Promise<void>
  /** As a node that is drained ends it. */
  stop(): Promise<void>
  /** As a node that dies ends it. */
  kill(): Promise<void>
}

export interface ManagersOptions {
  /** As releases have it. Without, a killed manager's successor works at once instead of after its lease. */
  readonly leaderElect?: boolean
  /** As the flag --hosted-api says; its default unless given. */
  readonly hostedApi?: string
  /** As the flag --allow-workload-addresses says; none unless given. */
  readonly allowWorkloadAddresses?: string
  /** A second replica of each, beside one that works: it has started when it waits for the lease. */
  readonly standby?: boolean
  /** The rest of its command line. */
  readonly flags?: (provider: ProviderName) => readonly string[]
}

/** Bundles both managers into the environment's folder and starts them; they end with the environment at the latest. */
export async function startManagers(
  env: TestEnv,
  { leaderElect = true, hostedApi, allowWorkloadAddresses, standby = false, flags: more }: ManagersOptions = {},
): Promise<readonly Manager[]> {
  const bundle = join(env.dir, standby ? 'standby-managers' : 'managers')
  await bundleManagers(bundle)
  const managers = await Promise.all(
    providerNames.map(async provider => {
      const serviceAccount = { namespace: providerNamespace, name: accounts[provider] }
      const kubeconfig = await env.kubeconfigFor({ serviceAccount })
      const flags = [
        `--kubeconfig=${kubeconfig}`,
        `--leader-elect=${leaderElect}`,
        ...(hostedApi === undefined ? [] : [`--hosted-api=${hostedApi}`]),
        ...(allowWorkloadAddresses === undefined ? [] : [`--allow-workload-addresses=${allowWorkloadAddresses}`]),
        ...(more?.(provider) ?? []),
      ]
      return managerOf(env, { provider, program: bundlePath(provider, bundle), flags, standby })
    }),
  )
  await Promise.all(managers.map(manager => manager.start()))
  return managers
}

interface ManagerOrder {
  readonly provider: ProviderName
  readonly program: string
  readonly flags: readonly string[]
  readonly standby: boolean
}

function managerOf(env: TestEnv, { provider, program, flags, standby }: ManagerOrder): Manager {
  const args = [
    ...nodeFlagsWithin(memoryLimitMiB),
    program,
    ...flags,
    '--health-probe-bind-address=127.0.0.1:0',
    '--diagnostics-address=127.0.0.1:0',
    '--insecure-diagnostics',
  ]
  let starts = 0
  let pid = 0
  let child: BoundChild | undefined
  const log = (): string => join(env.dir, `${accounts[provider]}${standby ? '.standby' : ''}.${starts}.log`)
  return {
    provider,
    user: `system:serviceaccount:${providerNamespace}:${accounts[provider]}`,
    get log() {
      return log()
    },
    get pid() {
      return pid
    },
    async start(more = []) {
      if (child) throw new Error(`${accounts[provider]} runs already`)
      starts += 1
      const output = openSync(log(), 'a')
      const options = { output, env: { ...process.env, ...nodeEnvironment, POD_NAMESPACE: providerNamespace } }
      child = env.workspace.spawn(process.execPath, [...args, ...more], options)
      closeSync(output)
      pid = child.process.pid ?? 0
      await untilSaid(standby ? waiting : working, log(), child)
    },
    async stop() {
      child?.process.kill('SIGTERM')
      await child?.gone
      child = undefined
    },
    async kill() {
      child?.process.kill('SIGKILL')
      await child?.gone
      child = undefined
    },
  }
}

const working = '"Controllers started"'
const waiting = '"Waiting for the lease"'

async function untilSaid(words: string, log: string, { process: child }: BoundChild): Promise<void> {
  for (;;) {
    const text = await readFile(log, 'utf8')
    if (text.includes(words) || child.signalCode !== null) return
    if (child.exitCode !== null) throw new Error(`The manager ended with ${child.exitCode}:\n${text}`)
    await delay(20)
  }
}
