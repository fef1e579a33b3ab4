// The two connection pools of one API server — shell
import { createHash } from 'node:crypto'
import { withoutRootDot } from '@k0smotron-ts/api'
import { Agent } from 'undici'
import { limits } from '../../limits.ts'
import type { ConnectionConfig, Identity } from './connection.ts'
import { type DialDeps, dialer } from './dial.ts'
import { outliveLateStreamErrors } from './late-stream-errors.ts'

export interface Agents {
  readonly requests: Agent
  /** Apart, so that no number of idle watches can hold up a request; never with a cap on connections, for the same reason. */
  readonly watches: Agent
}

export interface AgentPool {
  /** The agents for this identity; they stay the same until the TLS material changes or they are given up. */
  for(identity: Identity): Agents
  /**
   * Nothing came back over these in time: what is asked from now on goes out over new connections. Requests under way may
   * end, for perhaps the server was only slow. Watches are broken off if it was one of them that told nothing for minutes.
   */
  giveUp(agents: Agents, withWatches: boolean): void
  /** Breaks off what is under way; nothing can be asked any more. */
  close(): Promise<void>
}

/** kube-apiserver closes idle connections after 90 s; a new one costs a TLS handshake. */
const keepAliveTimeout = 60_000

/**
 * A server answers the start of a watch at once; when it does not, the agent is given up. undici itself would go on with
 * the connection until a ping of its own has been silent for as long again, and hold the next request back meanwhile.
 */
const watchHeadersTimeout = 30_000

/** One TLS connection carries a hundred requests at once: an agent for each request would be a handshake for each. */
export function agentPool(connection: ConnectionConfig, deps: DialDeps): AgentPool {
  outliveLateStreamErrors()
  let current: { readonly key: string; readonly agents: Agents } | undefined
  const retired = new Set<Agents>()
  let isClosed = false

  return {
    for(identity) {
      if (isClosed) throw new Error('the connection was closed')
      const key = tlsKey(connection, identity)
      if (current?.key === key) return current.agents
      if (current) retire(current.agents, retired)
      current = { key, agents: openAgents(connection, identity, deps) }
      return current.agents
    },
    giveUp(agents, withWatches) {
      if (withWatches) void agents.watches.destroy()
      if (current?.agents !== agents) return // given up by someone else who waited for an answer
      current = undefined
      retire(agents, retired)
    },
    async close() {
      isClosed = true
      const all = current ? [...retired, current.agents] : [...retired]
      await Promise.all(all.flatMap(({ requests, watches }) => [requests.destroy(), watches.destroy()]))
    },
  }
}

/** What is under way may end; then the connections go. */
function retire(agents: Agents, retired: Set<Agents>): void {
  retired.add(agents)
  Promise.allSettled([agents.requests.close(), agents.watches.close()]).then(
    () => retired.delete(agents),
    () => undefined,
  )
}

function openAgents(
  connection: ConnectionConfig,
  { certificate, ca = connection.ca }: Identity,
  deps: DialDeps,
): Agents {
  const serverName = connection.serverName ?? greetingOf(connection)
  const options: Agent.Options = {
    allowH2: !deps.onlyHttp1,
    keepAliveTimeout,
    h2Options: { pingInterval: limits.pingMilliseconds.value },
    connect: dialer(
      {
        ...(ca ? { ca } : {}),
        ...(serverName ? { servername: serverName } : {}),
        ...(certificate ? { cert: certificate.cert, key: certificate.key } : {}),
      },
      deps,
    ),
  }
  return {
    requests: new Agent(options),
    // undici ends a body that is silent for five minutes; a quiet watch is silent for longer.
    watches: new Agent({ ...options, headersTimeout: watchHeadersTimeout, bodyTimeout: 0 }),
  }
}

/** What undici would take from the URL as it is: servers in Go break off a greeting that names them with the dot of the root. */
function greetingOf({ server }: ConnectionConfig): string | undefined {
  const { hostname } = new URL(server)
  return hostname.endsWith('.') ? withoutRootDot(hostname) : undefined
}

function tlsKey(connection: ConnectionConfig, { certificate, ca = connection.ca }: Identity): string {
  return createHash('sha256')
    .update(JSON.stringify([ca, connection.serverName, certificate?.cert, certificate?.key]))
    .digest('hex')
}
