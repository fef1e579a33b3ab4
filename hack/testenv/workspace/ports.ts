// Ports that nobody uses — shell
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { StartError } from './component.ts'

const attempts = 5

/** Below what systems give to outgoing connections and to NodePorts, so that only another listener can take it. */
const [lowest, highest] = [20_000, 29_999]

/**
 * Runs `start` with a port that was free a moment ago, and again with another one if somebody was quicker.
 * `start` must leave nothing behind when it throws.
 */
export async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await freePort())
    } catch (error) {
      if (!(error instanceof StartError && error.portTaken) || attempt === attempts) throw error
    }
  }
}

/** For what cannot be started again with another one; see `onFreePort`. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(lowest, highest)
    if (await canListen(port)) return port
  }
}

async function canListen(port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    server.close()
    await once(server, 'close')
    return true
  } catch {
    return false
  }
}
