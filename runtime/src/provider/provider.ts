// Puts a provider together: client, cache, events, metrics, controllers, manager — shell
import type { KubeObject } from '@k0smotron-ts/api'
import { createCache } from '../cache/cache.ts'
import { ObjectMemory } from '../cache/object-memory.ts'
import type { Cache } from '../cache/types.ts'
import { createClient } from '../client/client.ts'
import type { Transport } from '../client/transport/transport.ts'
import type { Client } from '../client/types.ts'
import type { Clock } from '../clock.ts'
import type { Controller } from '../contract/types.ts'
import { createManager, type Manager } from '../controller/manager.ts'
import type { ControllerSetup } from '../controller/pass.ts'
import { createEventRecorder } from '../events/recorder.ts'
import type { ManagerFlags } from '../flags/manager-flags.ts'
import { candidateIdentity } from '../leader/election.ts'
import { leaseName } from '../leader/lease.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { createShells, type ShellDeps } from '../shell/create-shell.ts'
import { systemClock } from '../system-clock.ts'
import type { Timing } from '../webhook/certificates/decide.ts'
import type { WebhookDeclaration } from '../webhook/declaration.ts'
import type { WebhookRules } from '../webhook/types.ts'
import { createWebhooks, type Webhooks } from '../webhook/webhooks.ts'

/** What a provider gets to make its controllers with. */
export interface ProviderParts {
  readonly client: Client
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  readonly metrics: Metrics
  readonly flags: ManagerFlags
  /** The namespace that the process runs in. */
  readonly namespace: string
  /** `host:port` of the management API server. */
  readonly managementHost: string
}

export interface Provider {
  /** The value of --enable-controller that stands for it; names the lease as k0smotron does, so each has its own. */
  readonly name: string
  /** Other values that its program takes: it then runs fewer controllers, under a lease of their own. */
  readonly subsets?: readonly string[]
  /** Who it is in managedFields and in Events. */
  readonly fieldManager: string
  readonly controllers: (parts: ProviderParts) => readonly Controller[]
  /** With `--watch-filter`, only primary objects that carry its value under this label are ours. */
  readonly watchFilterLabel: string
  /** Served with `--webhook-port`. */
  readonly webhooks?: { readonly declaration: WebhookDeclaration; readonly rules: WebhookRules }
}

export interface ProviderOptions {
  /** Opens a connection to the management cluster: one for all work, and others for the lease alone. */
  readonly connect: () => Transport
  readonly flags: ManagerFlags
  readonly namespace: string
  readonly log: Logger
  readonly metrics: Metrics
  readonly clock?: Clock
  readonly random?: () => number
  /** Of the certificates of webhooks; years unless given. */
  readonly webhookTiming?: Timing
}

export function createProviderManager(provider: Provider, options: ProviderOptions): Manager {
  const { connect, flags, namespace, log, metrics, clock = systemClock, random = Math.random } = options
  const { fieldManager } = provider
  const transport = connect()
  const client = createClient(transport, { clock, random })
  const memory = new ObjectMemory(process.constrainedMemory() || process.availableMemory())
  const cache = createCache({ client, fieldManager, log, memory, pacing: { clock, random } })
  const site = { client, cache, fieldManager }
  const identity = candidateIdentity()
  const source = { component: fieldManager, instance: identity }
  const recorder = createEventRecorder({ client, source, clock, log })
  const filter = watchFilter(provider, flags)
  const controllers = provider.controllers({
    client,
    clock,
    random,
    log,
    metrics,
    flags,
    namespace,
    managementHost: transport.host,
  })
  const webhooks = webhooksOf(provider, { ...options, cache, clock })
  return createManager({
    flags,
    client,
    connectForLease: () => createClient(connect(), { clock, random }),
    cache,
    controllers: [
      ...controllers.map(controller => ({
        controller,
        shellFor: createShells({ site, controller, recorder, clock }),
        concurrency: flags.concurrency,
        ...(filter && { filter }),
      })),
      ...setupsOf(webhooks, { site, recorder, clock }),
    ],
    ...(webhooks && { webhooks }),
    lease: { namespace, name: leaseName(enabledName(provider, flags)) },
    predecessor: { namespace, name: leaseName('') },
    identity,
    events: recorder,
    log,
    metrics,
    clock,
    random,
  })
}

/** What runs: all of the provider, or one of its subsets. */
function enabledName({ name, subsets = [] }: Provider, { enableController }: ManagerFlags): string {
  return subsets.includes(enableController) ? enableController : name
}

function webhooksOf(
  { webhooks, fieldManager }: Provider,
  {
    flags,
    namespace,
    webhookTiming: timing,
    ...deps
  }: ProviderOptions & { readonly cache: Cache; readonly clock: Clock },
): Webhooks | undefined {
  if (!webhooks || flags.webhookPort === 0) return undefined
  const { declaration, rules } = webhooks
  const where = { port: flags.webhookPort, namespace, maker: fieldManager }
  return createWebhooks({ declaration, rules, ...where, ...deps, ...(timing && { timing }) })
}

function setupsOf(webhooks: Webhooks | undefined, deps: Omit<ShellDeps, 'controller'>): readonly ControllerSetup[] {
  if (!webhooks) return []
  const { controller } = webhooks
  return [{ controller, shellFor: createShells({ ...deps, controller }), concurrency: 1 }]
}

function watchFilter(
  { watchFilterLabel }: Provider,
  { watchFilter: value }: ManagerFlags,
): ((primary: KubeObject) => boolean) | undefined {
  return value === undefined ? undefined : ({ metadata }) => metadata.labels?.[watchFilterLabel] === value
}
