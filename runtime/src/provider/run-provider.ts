// A provider as a program: from its command line to its exit code — shell
import { readFile } from 'node:fs/promises'
import { loadConnection } from '../client/kubeconfig/load-connection.ts'
import type { Transport } from '../client/transport/transport.ts'
import { undiciTransport } from '../client/transport/undici-transport.ts'
import { type ManagerFlags, parseManagerFlags, UsageError } from '../flags/manager-flags.ts'
import { createLogger } from '../log/logger.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { runToExit } from '../run-to-exit.ts'
import { version } from '../version.ts'
import { createProviderManager, type Provider } from './provider.ts'

/** What the program was started with. */
export interface ProgramStart {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly print: (text: string) => void
}

/** Ends the process. A command line that cannot be meant ends it with 2 and says which flag and value it is. */
export async function runProvider(provider: Provider, { argv, env, print }: ProgramStart): Promise<void> {
  try {
    const line = parseManagerFlags(`k0smotron-${provider.name}`, argv, env)
    if (line.kind === 'help') return print(line.text)
    refuseOtherProvider(provider, line.flags)
    await start(provider, { flags: line.flags, warnings: line.warnings, env })
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    print(`${error.message}\n`)
    process.exitCode = 2
  }
}

function refuseOtherProvider({ name, subsets = [] }: Provider, { enableController }: ManagerFlags): void {
  if (['', 'all', name, ...subsets].includes(enableController)) return
  throw new UsageError(
    `--enable-controller=${enableController}: this program runs ${name}; start the one for ${enableController}`,
  )
}

interface Starting {
  readonly flags: ManagerFlags
  readonly warnings: readonly string[]
  readonly env: ProgramStart['env']
}

async function start(provider: Provider, { flags, warnings, env }: Starting): Promise<never> {
  const log = createLogger({ level: flags.logLevel })
  for (const warning of warnings) log.info({ warning }, 'Flag accepted')
  const metrics = createMetrics()
  const userAgent = `${provider.fieldManager}/${version}`
  const connection = await loadConnection({
    userAgent,
    ...(flags.kubeconfig !== undefined && { kubeconfig: flags.kubeconfig }),
  })
  const connect = (): Transport => undiciTransport(connection, { onAnswer: answer => metrics.request(answer) })
  const namespace = env.POD_NAMESPACE ?? (await ownNamespace()) ?? defaultNamespace
  log.info({ version, server: connection.server, namespace }, 'Starting')
  const manager = createProviderManager(provider, {
    connect,
    flags,
    namespace,
    log,
    metrics,
  })
  return runToExit(signal => manager.run(signal), log)
}

/** k0smotron's, so that old and new want the same lease. */
const defaultNamespace = 'k0smotron'

async function ownNamespace(): Promise<string | undefined> {
  try {
    return (await readFile('/var/run/secrets/kubernetes.io/serviceaccount/namespace', 'utf8')).trim()
  } catch {
    return undefined // not in a pod
  }
}
