// Connections to hosted API servers, one per cluster — shell
import { createHash } from 'node:crypto'
import type { ConnectionConfig } from '../client/connection.ts'
import { connectionFromSecret } from '../client/secret-connection.ts'
import type { Transport } from '../client/transport.ts'
import type { Client } from '../client/types.ts'
import type { Clock } from '../clock.ts'
import type { Health } from './health.ts'
import { HostedServer } from './hosted-server.ts'

export interface WorkloadPoolDeps {
  readonly userAgent: string
  readonly clock: Clock
  readonly random: () => number
  /** A cluster became reachable, or stopped being so. */
  readonly onChange: (cluster: string) => void
  /** How requests get there. */
  readonly transport: (connection: ConnectionConfig) => Transport
}

/** A hosted cluster as one pass uses it. */
export interface Workload {
  /** The same one for as long as the kubeconfig says the same. */
  readonly client: Client
  readonly health: Health
  /** Tells of a request that failed, so that others do not run into the same wall. True: the connection is at fault. */
  readonly failed: (error: unknown) => boolean
  /** Keeps the connection until the answer is called, also while nothing is under way on it (a watch that backs off). */
  readonly hold: () => () => void
}

interface Entry {
  readonly content: string
  readonly server: HostedServer
  usedAt: number
  holders: number
}

const idleMs = 300_000

/** What nobody holds and nobody used for minutes is closed; a request that is open is use. */
export class WorkloadPool {
  readonly #deps: WorkloadPoolDeps
  readonly #entries = new Map<string, Entry>()
  #cancelSweep: (() => void) | undefined

  constructor(deps: WorkloadPoolDeps) {
    this.#deps = deps
  }

  /**
   * The connection that this kubeconfig describes; made anew when that changed. The caller waits for no request: whether
   * anybody answers is asked beside it, at once and then each time it is due, for as long as someone opens the cluster.
   * Throws a KubeconfigError for what is not accepted from a Secret.
   */
  open(cluster: string, kubeconfig: Uint8Array): Workload {
    const content = createHash('sha256').update(kubeconfig).digest('hex')
    const known = this.#entries.get(cluster)
    const entry = known?.content === content ? known : this.#connect(cluster, content, kubeconfig)
    entry.usedAt = this.#deps.clock.elapsed()
    entry.server.askIfDue()
    const { client, health } = entry.server
    return { client, health, failed: error => entry.server.failed(error), hold: () => this.#hold(entry) }
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    this.#cancelSweep?.()
    await Promise.all([...this.#entries.keys()].map(cluster => this.#drop(cluster)))
  }

  #hold(entry: Entry): () => void {
    entry.holders += 1
    let isHeld = true
    return () => {
      if (isHeld) entry.holders -= 1
      isHeld = false
      entry.usedAt = this.#deps.clock.elapsed()
    }
  }

  #connect(cluster: string, content: string, kubeconfig: Uint8Array): Entry {
    const { clock, random, transport, userAgent, onChange } = this.#deps
    const connection = connectionFromSecret(kubeconfig, userAgent)
    void this.#drop(cluster)
    const server: HostedServer = new HostedServer({
      clock,
      random,
      transport: transport(connection),
      onChange: () => this.#entries.get(cluster)?.server === server && onChange(cluster),
    })
    const entry = { content, server, usedAt: 0, holders: 0 }
    this.#entries.set(cluster, entry)
    this.#cancelSweep ??= clock.after(idleMs, () => this.#sweep())
    return entry
  }

  async #drop(cluster: string): Promise<void> {
    const entry = this.#entries.get(cluster)
    this.#entries.delete(cluster)
    await entry?.server.client.close()
  }

  #sweep(): void {
    const { clock } = this.#deps
    for (const [cluster, { server, usedAt, holders }] of this.#entries) {
      if (holders === 0 && !server.isBusy && usedAt <= clock.elapsed() - idleMs) void this.#drop(cluster)
    }
    this.#cancelSweep = this.#entries.size > 0 ? clock.after(idleMs, () => this.#sweep()) : undefined
  }
}
