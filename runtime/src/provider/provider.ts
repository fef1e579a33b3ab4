// Puts a provider together: client, cache, events, metrics, controllers, manager — shell
import type { KubeObject } from '@k0smotron-ts/api'
import { createCache } from '../cache/cache.ts'
import { ObjectMemory } from '../cache/object-memory.ts'
import { createClient } from '../client/client.ts'
import type { Transport } from '../client/transport/transport.ts'
import type { Client } from '../client/types.ts'
import type { Clock } from '../clock.ts'
import type { Controller } from '../contract/types.ts'
import { createManager, type Manager } from '../controller/manager.ts'
import { createEventRecorder } from '../events/recorder.ts'
import type { ManagerFlags } from '../flags/manager-flags.ts'
import { candidateIdentity } from '../leader/election.ts'
import { leaseName } from '../leader/lease.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { createShells } from '../shell/create-shell.ts'
import { systemClock } from '../system-clock.ts'

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
  /** Who it is in managedFields and in Events. */
  readonly fieldManager: string
  readonly controllers: (parts: ProviderParts) => readonly Controller[]
  /** With `--watch-filter`, only primary objects that carry its value under this label are ours. */
  readonly watchFilterLabel: string
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
  return createManager({
    flags,
    client,
    connectForLease: () => createClient(connect(), { clock, random }),
    cache,
    controllers: controllers.map(controller => ({
      controller,
      shellFor: createShells({ site, controller, recorder, clock }),
      concurrency: flags.concurrency,
      ...(filter && { filter }),
    })),
    lease: { namespace, name: leaseName(provider.name) },
    identity,
    events: recorder,
    log,
    metrics,
    clock,
    random,
  })
}

function watchFilter(
  { watchFilterLabel }: Provider,
  { watchFilter: value }: ManagerFlags,
): ((primary: KubeObject) => boolean) | undefined {
  return value === undefined ? undefined : ({ metadata }) => metadata.labels?.[watchFilterLabel] === value
}
