// A Service in one process: leads each connection to one of the replicas that listen — shell
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface Front extends AsyncDisposable {
  readonly port: number
}

/** In turn; one that does not listen is passed over, as kube-proxy does with pods that are not ready. */
export async function startFront(replicas: () => readonly number[]): Promise<Front> {
  let turn = 0
  const open = new Set<Socket>()
  const server = createServer(client => {
    const ports = replicas()
    turn += 1
    const rest = ports.map((_, index) => ports[(turn + index) % ports.length] ?? 0)
    lead(client, rest, open)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}

function lead(client: Socket, [port, ...others]: readonly number[], open: Set<Socket>): void {
  if (port === undefined) {
    client.destroy()
    return
  }
  const replica = connect({ host: '127.0.0.1', port })
  const another = (): void => lead(client, others, open)
  replica.once('error', another)
  replica.once('connect', () => {
    replica.off('error', another)
    for (const [one, other] of [
      [client, replica],
      [replica, client],
    ] as const) {
      open.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
}
