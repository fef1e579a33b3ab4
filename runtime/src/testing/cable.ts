// A network between a client and a server — shell
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface Cable {
  readonly url: string
  readonly connections: () => number
  /** From now on nothing passes on the connections there are; nobody is told. */
  cut(): void
  close(): Promise<void>
}

/** A TCP connection that a test can cut without either side being told. */
export async function cableTo(target: string): Promise<Cable> {
  const pairs: [Socket, Socket][] = []
  const server = createServer(near => {
    const far = connect(Number(new URL(target).port), '127.0.0.1')
    for (const socket of [near, far]) socket.on('error', () => undefined)
    near.pipe(far)
    far.pipe(near)
    pairs.push([near, far])
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => pairs.length,
    cut: () => {
      for (const socket of pairs.flat()) socket.unpipe().pause()
    },
    close: async () => {
      for (const socket of pairs.flat()) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
