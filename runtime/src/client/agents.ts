// The two connection pools of one API server — shell
import { createHash } from 'node:crypto'
import { Agent } from 'undici'
import type { ConnectionConfig, Identity } from './connection.ts'
import { outliveLateStreamErrors } from './late-stream-errors.ts'

export interface Agents {
  readonly requests: Agent
  /** Apart, so that no number of idle watches can hold up a request; never with a cap on connections, for the same reason. */
  readonly watches: Agent
}

export interface AgentPool {
  /** The agents for this identity; they stay the same until the TLS material changes. */
  for(identity: Identity): Agents
  close(): Promise<void>
}

/** kube-apiserver closes idle connections after 90 s; a new one costs a TLS handshake. */
const keepAliveTimeout = 60_000

/** Keeps idle connections alive through NAT; that a peer is dead, the header timeout finds out. */
const pingInterval = 20_000

/** A server answers the start of a watch at once. A dead connection shows here, and is then replaced. */
const watchHeadersTimeout = 30_000

/** One TLS connection carries a hundred requests at once: an agent for each request would be a handshake for each. */
export function agentPool(connection: ConnectionConfig): AgentPool {
  outliveLateStreamErrors()
  let current: { readonly key: string; readonly agents: Agents } | undefined
  const retired = new Set<Agents>()

  return {
    for(identity) {
      const key = tlsKey(connection, identity)
      if (current?.key === key) return current.agents
      if (current) retire(current.agents, retired)
      current = { key, agents: openAgents(connection, identity) }
      return current.agents
    },
    async close() {
      const all = current ? [...retired, current.agents] : [...retired]
      await Promise.all(all.flatMap(({ requests, watches }) => [requests.destroy(), watches.destroy()]))
    },
  }
}

/** What is under way over the old certificate may end; then its connections go. */
function retire(agents: Agents, retired: Set<Agents>): void {
  retired.add(agents)
  Promise.allSettled([agents.requests.close(), agents.watches.close()]).then(
    () => retired.delete(agents),
    () => undefined,
  )
}

function openAgents(connection: ConnectionConfig, { certificate, ca = connection.ca }: Identity): Agents {
  const { serverName } = connection
  const options: Agent.Options = {
    allowH2: true,
    keepAliveTimeout,
    h2Options: { pingInterval },
    connect: {
      ...(ca ? { ca } : {}),
      ...(serverName ? { servername: serverName } : {}),
      ...(certificate ? { cert: certificate.cert, key: certificate.key } : {}),
    },
  }
  return {
    requests: new Agent(options),
    // undici ends a body that is silent for five minutes; a quiet watch is silent for longer.
    watches: new Agent({ ...options, headersTimeout: watchHeadersTimeout, bodyTimeout: 0 }),
  }
}

function tlsKey(connection: ConnectionConfig, { certificate, ca = connection.ca }: Identity): string {
  return createHash('sha256')
    .update(JSON.stringify([ca, connection.serverName, certificate?.cert, certificate?.key]))
    .digest('hex')
}
