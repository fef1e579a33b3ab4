// Requests and watches through a proxy — shell
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testCertificates } from '../../testing/certificates.ts'
import { configMap, configMaps } from '../../testing/kubernetes-answers.ts'
import { type ScriptedServer, scriptedServer } from '../../testing/scripted-server.ts'
import { createClient } from '../client.ts'
import type { Client } from '../types.ts'
import { undiciTransport } from './undici-transport.ts'

let server: ScriptedServer
let proxy: Awaited<ReturnType<typeof startProxy>>
let client: Client

/** Every name leads to the scripted server. */
async function startProxy(port: number) {
  const asked: { readonly authority: string; readonly credentials: string | undefined }[] = []
  const answer = { status: 200 }
  const proxied = createServer()
  proxied.on('connect', (request, socket) => {
    asked.push({ authority: request.url ?? '', credentials: request.headers['proxy-authorization'] })
    if (answer.status !== 200) return socket.end(`HTTP/1.1 ${answer.status} no\r\n\r\n`)
    const target = connect(port, '127.0.0.1')
    for (const end of [socket, target]) end.on('error', () => undefined)
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
    target.pipe(socket)
    return socket.pipe(target)
  })
  proxied.listen(0, '127.0.0.1')
  await once(proxied, 'listening')
  return { asked, answer, port: (proxied.address() as AddressInfo).port, close: () => proxied.close() }
}

beforeEach(async () => {
  server = await scriptedServer(await testCertificates())
  proxy = await startProxy(Number(new URL(server.url).port))
  const env = { HTTPS_PROXY: `http://me:p%40ss@127.0.0.1:${proxy.port}`, NO_PROXY: '.cluster.local' }
  const connection = { ...server.connection(), server: 'https://api.example.com:6443', serverName: 'kubernetes.test' }
  client = createClient(undiciTransport(connection, { env }))
})
afterEach(async () => {
  await client.close()
  proxy.close()
  await server.close()
})

test('requests and watches go through it, over HTTP/2, to the server that the certificate proves', async () => {
  const read = client.get(configMaps, { namespace: 'ns', name: 'a' })
  ;(await server.take()).json(200, configMap('a', '1'))
  expect(await read).toMatchObject({ metadata: { name: 'a' } })
  const stop = new AbortController()
  const events = client.watch(configMaps, { resourceVersion: '1', signal: stop.signal })[Symbol.asyncIterator]()
  const event = events.next()
  const watched = await server.take()
  watched.begin()
  await watched.line({ type: 'ADDED', object: configMap('b', '2') })
  expect(await event).toMatchObject({ value: { object: { metadata: { name: 'b' } } } })
  stop.abort()
  await events.return?.()
  const credentials = `Basic ${Buffer.from('me:p@ss').toString('base64')}`
  expect(proxy.asked).toEqual(Array(2).fill({ authority: 'api.example.com:6443', credentials }))
})

test('what the proxy refuses is said in those words', async () => {
  proxy.answer.status = 407
  await expect(client.get(configMaps, { namespace: 'ns', name: 'a' })).rejects.toMatchObject({
    reason: 'Unavailable',
    message: 'the API server cannot be reached: proxy answered 407',
  })
})

test('a name that resolves to an address that may not be asked is not asked through it either; one that is unknown here may be', async () => {
  const connection = { ...server.connection(), server: 'https://api.example.com:6443', serverName: 'kubernetes.test' }
  const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` }
  const through = (code: string): Client =>
    createClient(
      undiciTransport(connection, {
        env,
        lookup: (_name, _options, done) => done(Object.assign(new Error(code), { code }), []),
      }),
    )
  const [guarded, unknown] = [through('not allowed'), through('ENOTFOUND')]
  await expect(guarded.probe('/readyz')).rejects.toMatchObject({ message: expect.stringContaining('not allowed') })
  expect(proxy.asked).toEqual([])
  const answer = unknown.probe('/readyz')
  ;(await server.take()).json(200, {})
  expect(await answer).toMatchObject({ status: 200 })
  await Promise.all([guarded.close(), unknown.close()])
})
