// A management cluster with everything of ours installed, and our providers in this process — shell
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { KubeObject, ObjectKey, ResourceType } from '@k0smotron-ts/api'
import { type Client, type Clock, fixedCredentials, type Logger, type Transport } from '@k0smotron-ts/runtime'
import {
  createMetrics,
  createProviderManager,
  type Metrics,
  type Provider,
  undiciTransport,
} from '@k0smotron-ts/runtime/shell'
import { clientOf } from './access/client.ts'
import { type AuditEntry, isLease, isWrite } from './audit/audit-entry.ts'
import { install, installClusterApiKinds, installFiles } from './install/install.ts'
import { startTestEnv, type TestEnv, type TestEnvOptions } from './test-env.ts'
import { until, untilEvent } from './world/until.ts'

const config = join(import.meta.dirname, '..', '..', 'config')
const namespace = 'k0smotron'

export interface ManagementOptions extends TestEnvOptions {
  /** Cluster API's kinds without its controllers, for tests that play core themselves. */
  readonly clusterApiKinds?: boolean
  /** One that runs already and goes on after us, such as a lab's; a new one unless given. */
  readonly env?: TestEnv
  /** Nothing of ours is installed: a release will be. */
  readonly withoutOurs?: boolean
}

export interface StartOptions {
  /** Sees, delays or fails every request of the provider to the management cluster. */
  readonly wrap?: (transport: Transport) => Transport
  readonly log?: Logger
  readonly clock?: Clock
  /** Of this run alone, for who wants to know how many passes there were. */
  readonly metrics?: Metrics
  readonly concurrency?: number
  /** The only namespace that it looks at. */
  readonly namespace?: string
  /** Value of --enable-controller. */
  readonly enableController?: string
  /** Of its webhooks; none unless given. */
  readonly webhookPort?: number
}

/** A provider that runs in this process, under its own RBAC. */
export interface RunningProvider extends AsyncDisposable {
  /** Ends it as SIGTERM would; resolves with the exit code. */
  stop(): Promise<number>
}

export interface Management extends AsyncDisposable {
  readonly env: TestEnv
  /** As admin. */
  readonly client: Client
  /** `serviceAccount` must be one of config/rbac. */
  start(provider: Provider, serviceAccount: string, options?: StartOptions): Promise<RunningProvider>
  /** The object once it satisfies the condition; woken by a watch, it does not poll. */
  until<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey, holds: (object: T) => boolean): Promise<T>
  /** Resolves when an Event of that type and reason is there, as in `Warning NotOurs`. */
  untilEvent(about: ObjectKey, said: string): Promise<void>
  /**
   * Resolves when nobody has written anything for a second, leases aside: controllers of Kubernetes have settled too.
   * On a busy machine longer than that: so long as the API server takes for many answers.
   * With `of`, only those users count: kubelets are never quiet.
   */
  quiet(of?: readonly string[]): Promise<void>
  /** Resolves when no object of that name is there. */
  untilGone(type: ResourceType, key: ObjectKey): Promise<void>
}

export async function startManagement(options: ManagementOptions = {}): Promise<Management> {
  const env = options.env ?? (await startTestEnv({ audit: true, ...options }))
  const client = clientOf(env.connection)
  const stop = async () => {
    await client.close()
    if (env !== options.env) await env.stop()
  }
  try {
    await install(client, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }])
    if (options.clusterApiKinds) await installClusterApiKinds(client)
    for (const folder of options.withoutOurs ? [] : ['crd', 'rbac']) {
      const files = await readdir(join(config, folder))
      await installFiles(
        client,
        files.map(file => join(config, folder, file)),
      )
    }
  } catch (error) {
    await stop()
    throw error
  }
  return {
    env,
    client,
    start: (provider, serviceAccount, how) => start(env, { provider, serviceAccount, ...how }),
    until: (type, key, holds) => until(client, { type, key }, object => object !== undefined && holds(object)),
    untilEvent: (about, said) => untilEvent(client, about, said),
    quiet: of => quiet(env, client, of),
    untilGone: async (type, key) => void (await until(client, { type, key }, object => object === undefined)),
    [Symbol.asyncDispose]: stop,
  }
}

const answersInQuiet = 100

async function quiet({ auditLog }: TestEnv, client: Client, of?: readonly string[]): Promise<void> {
  const counts = (entry: AuditEntry): boolean => isWrite(entry) && !isLease(entry) && (of?.includes(entry.user) ?? true)
  for (;;) {
    const mark = await auditLog.mark()
    await delay(1_000)
    for (let answers = 0; answers < answersInQuiet; answers++) await client.probe('/version', { timeoutMs: 60_000 })
    if (!(await auditLog.since(mark)).some(counts)) return
  }
}

interface Starting extends StartOptions {
  readonly provider: Provider
  readonly serviceAccount: string
}

const silent: Logger = { error: () => {}, info: () => {}, debug: () => {}, child: () => silent }

async function start(env: TestEnv, starting: Starting): Promise<RunningProvider> {
  const { provider, serviceAccount: name, wrap = same => same, log = silent, clock, concurrency = 5 } = starting
  const { server, ca, identity } = await env.connectionFor({ serviceAccount: { namespace, name } })
  const credentials = fixedCredentials(identity ?? {})
  const connect = () => wrap(undiciTransport({ server, ca, credentials, userAgent: `${provider.fieldManager}/test` }))
  const flags = {
    enableController: starting.enableController ?? '',
    leaderElect: false,
    concurrency,
    insecureDiagnostics: true,
    // outside of the cluster, Services cannot be reached
    hostedApi: ['endpoint'],
    allowWorkloadAddresses: ['127.0.0.0/8'],
    logLevel: 'info',
    webhookPort: starting.webhookPort ?? 0,
    ...(starting.namespace !== undefined && { namespace: starting.namespace }),
  } as const
  const manager = createProviderManager(provider, {
    connect,
    flags,
    namespace,
    log,
    metrics: starting.metrics ?? createMetrics(),
    ...(clock && { clock }),
  })
  const stopping = new AbortController()
  const ended = manager.run(stopping.signal)
  const stop = () => {
    stopping.abort()
    return ended
  }
  return { stop, [Symbol.asyncDispose]: async () => void (await stop()) }
}
