// A late error of an HTTP/2 stream does not end the process — shell
import { once } from 'node:events'
import { connect, createServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { outliveLateStreamErrors } from './late-stream-errors.ts'

test('a stream that nobody listens to any more may break with its connection', async () => {
  outliveLateStreamErrors()
  outliveLateStreamErrors()
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  session.on('error', () => undefined)
  const stream = session.request({ ':path': '/' })

  session.destroy(new Error('the client is destroyed'))
  await new Promise(resolve => void stream.on('close', resolve))
  server.close()
  expect(stream.listenerCount('error')).toBe(1)
})
