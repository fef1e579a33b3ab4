// Connections to workload clusters, one per cluster, and who uses them — shell
import { createHash } from 'node:crypto'
import type { ObjectKey } from '@k0smotron-ts/api'
import { untrustedBounds } from '../client/body/bounds.ts'
import { connectionFromSecret } from '../client/kubeconfig/secret-connection.ts'
import type { ConnectionConfig } from '../client/transport/connection.ts'
import type { Transport } from '../client/transport/transport.ts'
import type { Client } from '../client/types.ts'
import type { Clock } from '../clock.ts'
import { parseKey, printKey } from '../key.ts'
import type { Logger } from '../log.ts'
import { systemClock } from '../system-clock.ts'
import type { WorkloadAnswer } from './answer.ts'
import { Places } from './places.ts'
import type { Way } from './question.ts'
import { ReadTurns } from './read-turns.ts'
import { WorkloadAPI } from './workload-api.ts'

export interface WorkloadPoolDeps {
  readonly userAgent: string
  /** When to ask again, and what is idle. */
  readonly clock: Clock
  /** How long a server takes: real time, also where a test moves the clock. */
  readonly stopwatch?: Clock
  readonly random: () => number
  readonly log: Logger
  /** What a cluster that the user opened answers has changed. */
  readonly wake: (user: ObjectKey) => void
  /** There is a place for the user, and kept until its next pass is over. Absent where nobody opens any. */
  readonly invite?: (user: ObjectKey) => void
  /** The pass of a user who opened a cluster waits for it, until the answer is called. Absent where nobody opens any. */
  readonly away?: (user: ObjectKey) => () => void
  /** How requests get there. */
  readonly transport: (connection: ConnectionConfig) => Transport
  /** Ask each cluster on while it answers; else only until it does. */
  readonly asksWhileReady: boolean
}

/** How to reach a cluster. */
export interface Reach {
  readonly kubeconfig: Uint8Array
  /** In the order in which they are tried. Without a server, the one in the kubeconfig. */
  readonly ways: readonly [ReachWay, ...ReachWay[]]
  /** With another revision, what was answered before counts no more. */
  readonly revision?: string
}

export interface ReachWay {
  readonly server?: string
  /** The object that the address comes from, such as `Secret c-kubeconfig`; people read it. */
  readonly from: string
}

/** A workload cluster as one pass uses it. */
export interface Workload {
  /** For the requests of this pass; together they have five seconds. */
  readonly client: Client
  /** For watches, which outlive the pass. The same one for as long as the kubeconfig says the same. */
  readonly watches: Client
  /** Tells of a request that failed, so that others do not run into the same wall. Why the server counts as not answering, if it does. */
  readonly failed: (error: unknown) => string | undefined
  /** Keeps the connection until the answer is called, also while nothing is under way on it (a watch that backs off). */
  readonly hold: () => () => void
}

/** Everything but `open` is a wait that ends by waking the user. */
export type Opening =
  | ({ readonly kind: 'open' } & Workload)
  /** It was not asked yet, or has not answered yet. */
  | { readonly kind: 'unknown' }
  /** `message` is fit for a condition. */
  | { readonly kind: 'unreachable'; readonly message: string }
  /** Others work with it. */
  | { readonly kind: 'busy' }

interface Entry {
  readonly identity: string
  readonly api: WorkloadAPI
  /** Who is to be woken. */
  readonly users: Set<string>
  usedAt: number
  holders: number
}

const idleMs = 300_000

/** What nobody wants, holds or used for minutes is closed; a request that is open is use. */
export class WorkloadPool {
  readonly #deps: WorkloadPoolDeps
  readonly #entries = new Map<string, Entry>()
  readonly #places: Places
  readonly #bounds = untrustedBounds()
  readonly #readTurns: ReadTurns
  #cancelSweep: (() => void) | undefined

  constructor(deps: WorkloadPoolDeps) {
    this.#deps = deps
    this.#readTurns = new ReadTurns(deps.stopwatch ?? systemClock)
    this.#places = new Places({
      invite: user => deps.invite?.(parseKey(user)),
      isProven: cluster => this.#entries.get(cluster)?.api.isProven ?? false,
    })
  }

  /**
   * Waits for no request: whether anybody answers is asked beside the caller, for as long as somebody wants to know.
   * Whoever opens it tells `passOver` when its pass is over. Throws a KubeconfigError for what is not accepted from a Secret.
   */
  open(cluster: string, user: ObjectKey, reach: Reach): Opening {
    const { api, hold } = this.#use(cluster, user, reach)
    const { answer } = api
    if (!answer) return { kind: 'unknown' }
    if (!answer.ready) return { kind: 'unreachable', message: answer.message }
    if (!this.#places.enter(printKey(user), cluster)) return { kind: 'busy' }
    const client = api.clientForPass(() => this.#deps.away?.(user) ?? (() => undefined))
    return { kind: 'open', client, watches: api.client, failed: error => api.failed(error), hold }
  }

  /** What it answers, asked on until it is forgotten; the user is woken when that changes. Throws as `open` does. */
  ask(cluster: string, user: ObjectKey, reach: Reach): WorkloadAnswer | undefined {
    return this.#use(cluster, user, reach).api.answer
  }

  /** The user's pass is over: others may work with what it worked with. */
  passOver(user: ObjectKey): void {
    this.#places.leave(printKey(user))
  }

  /** Whatever becomes of the clusters, it does not concern the user any more. */
  leave(user: ObjectKey): void {
    const id = printKey(user)
    for (const { api, users } of this.#entries.values()) {
      if (users.delete(id) && users.size === 0) api.stopAsking()
    }
    this.#places.forget(id)
  }

  /** Ends what is under way, and what is known. */
  forget(cluster: string): void {
    void this.#drop(cluster)
  }

  async close(): Promise<void> {
    this.#cancelSweep?.()
    await Promise.all([...this.#entries.keys()].map(cluster => this.#drop(cluster)))
  }

  #use(cluster: string, user: ObjectKey, reach: Reach): Pick<Entry, 'api'> & Pick<Workload, 'hold'> {
    const identity = identityOf(reach)
    const known = this.#entries.get(cluster)
    const entry = known?.identity === identity ? known : this.#connect(cluster, identity, reach)
    entry.usedAt = this.#deps.clock.elapsed()
    entry.users.add(printKey(user))
    entry.api.startAsking()
    return { api: entry.api, hold: () => this.#hold(entry) }
  }

  #hold(entry: Entry): () => void {
    entry.holders += 1
    let isInUse = true
    return () => {
      if (isInUse) entry.holders -= 1
      isInUse = false
      entry.usedAt = this.#deps.clock.elapsed()
    }
  }

  /** Those who waited for an answer of the one before wait for this one's. */
  #connect(cluster: string, identity: string, reach: Reach): Entry {
    const { clock, stopwatch = systemClock, random, log, wake, asksWhileReady } = this.#deps
    const ways = this.#waysOf(reach)
    const users = new Set(this.#entries.get(cluster)?.users)
    void this.#drop(cluster)
    const api = new WorkloadAPI({
      clock,
      stopwatch,
      random,
      log: log.child({ Cluster: cluster }),
      ways,
      asksWhileReady,
      bounds: this.#bounds,
      spent: this.#readTurns.readingOf(cluster),
      onChange: () => {
        for (const user of users) wake(parseKey(user))
      },
    })
    const entry = { identity, api, users, usedAt: 0, holders: 0 }
    this.#entries.set(cluster, entry)
    this.#cancelSweep ??= clock.after(idleMs, () => this.#sweep())
    return entry
  }

  #waysOf({ kubeconfig, ways: [first, ...others] }: Reach): readonly [Way, ...Way[]] {
    const { userAgent, transport } = this.#deps
    const connection = connectionFromSecret(kubeconfig, userAgent)
    const wayOf = ({ server, from }: ReachWay): Way => ({
      server: server ?? connection.server,
      from,
      isEndpoint: server === undefined,
      transport: transport(server === undefined ? connection : { ...connection, server }),
    })
    return [wayOf(first), ...others.map(wayOf)]
  }

  async #drop(cluster: string): Promise<void> {
    const entry = this.#entries.get(cluster)
    this.#entries.delete(cluster)
    entry?.users.clear()
    await entry?.api.close()
  }

  #sweep(): void {
    const { clock } = this.#deps
    for (const [cluster, { api, users, usedAt, holders }] of this.#entries) {
      const isIdle = users.size === 0 && holders === 0 && !api.isBusy
      if (isIdle && usedAt <= clock.elapsed() - idleMs) void this.#drop(cluster)
    }
    this.#cancelSweep = this.#entries.size > 0 ? clock.after(idleMs, () => this.#sweep()) : undefined
  }
}

function identityOf({ kubeconfig, ways, revision = '' }: Reach): string {
  return createHash('sha256')
    .update(kubeconfig)
    .update(JSON.stringify([ways, revision]))
    .digest('hex')
}
