// Connections, identities and time limits over real TLS — shell
import type { LookupFunction } from 'node:net'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { armedClock } from '../../testing/armed-clock.ts'
import { type TestCertificate, type TestCertificates, testCertificates } from '../../testing/certificates.ts'
import { configMap, configMaps, status } from '../../testing/kubernetes-answers.ts'
import { type Asked, type ScriptedServer, scriptedServer } from '../../testing/scripted-server.ts'
import { createClient } from '../client.ts'
import { KubeconfigError } from '../kubeconfig/kubeconfig.ts'
import { rereadCredentials } from '../kubeconfig/reread-credentials.ts'
import type { Client } from '../types.ts'
import { type ConnectionConfig, fixedCredentials, type Identity } from './connection.ts'
import { type Answer, undiciTransport } from './undici-transport.ts'

/** For a machine that does other things beside; nothing here waits. */
const slow = { timeout: 60_000 }

const key = { namespace: 'ns', name: 'a' }
const object = configMap('a', '7')

let certificates: TestCertificates
let alice: TestCertificate
let bob: TestCertificate
let server: ScriptedServer
const clients: Client[] = []

beforeAll(async () => {
  certificates = await testCertificates()
  alice = await certificates.client('alice')
  bob = await certificates.client('bob')
})
beforeEach(async () => {
  server = await scriptedServer(certificates)
})
afterEach(async () => {
  await Promise.all(clients.splice(0).map(client => client.close()))
  await server.close()
})

function connect(connection: ConnectionConfig, onAnswer: (answer: Answer) => void = () => undefined): Client {
  const client = createClient(undiciTransport(connection, { onAnswer }), { clock: armedClock(), random: () => 0 })
  clients.push(client)
  return client
}

function answerAll(): void {
  server.always(asked => {
    asked.json(200, object)
    return true
  })
}

test('500 reads with a client certificate take one TLS connection', slow, async () => {
  answerAll()
  const client = connect(server.connection(fixedCredentials({ certificate: alice })))
  for (let read = 0; read < 500; read++) await client.get(configMaps, key)
  expect(server.connections()).toBe(1)
})

test('500 reads at once still share a handful of connections', slow, async () => {
  answerAll()
  const client = connect(server.connection(fixedCredentials({ certificate: alice })))
  await Promise.all(Array.from({ length: 500 }, () => client.get(configMaps, key)))
  expect(server.connections()).toBeLessThanOrEqual(5) // a hundred streams each
})

test.each(['HTTP/2', 'HTTP/1.1'] as const)('150 idle watches over %s hold up no read', slow, async protocol => {
  const crowded = await scriptedServer(certificates, protocol)
  let watches = 0
  crowded.always(asked => {
    if (asked.query.get('watch')) {
      watches++
      asked.begin()
    } else asked.json(200, object)
    return true
  })
  const client = connect(crowded.connection())
  const stop = new AbortController()
  const idle = Array.from({ length: 150 }, async () => {
    for await (const event of client.watch(configMaps, { resourceVersion: '1', signal: stop.signal }))
      expect(event).toBe('none')
  })
  const reads = await Promise.all(Array.from({ length: 100 }, () => client.get(configMaps, key)))
  while (watches < 150) await client.get(configMaps, key)
  expect(reads).toHaveLength(100)
  // One connection per watch, or a hundred watches on each.
  expect(crowded.connections() > 150).toBe(protocol === 'HTTP/1.1')
  stop.abort()
  await Promise.all(idle)
  await crowded.close()
})

function renewing(...identities: readonly Identity[]): { connection: ConnectionConfig; reads: () => number } {
  let reads = 0
  const last = identities.length - 1
  const read = async (): Promise<Identity> => identities[Math.min(reads++, last)] ?? {}
  return { connection: server.connection(rereadCredentials(read, armedClock())), reads: () => reads }
}

const bearer = (asked: Asked): string => String(asked.headers.authorization)

test('a 401 asks the credentials again and repeats once, a write too: the server did nothing', async () => {
  const { connection, reads } = renewing({ token: 'old' }, { token: 'new' })
  const written = connect(connection).apply(configMaps, object, { fieldManager: 'me' })
  const first = await server.take()
  first.json(401, status(401, 'Unauthorized'))
  const second = await server.take()
  second.json(200, object)
  expect(await written).toEqual(object)
  expect([bearer(first), bearer(second), reads()]).toEqual(['Bearer old', 'Bearer new', 2])
})

test('refusals hold no connections, however much they say', async () => {
  const old = await scriptedServer(certificates, 'HTTP/1.1')
  let requests = 0
  old.always(asked => {
    if (++requests % 2 === 0) asked.json(200, object)
    else asked.json(401, status(401, 'Unauthorized', 'x'.repeat(1_000_000)))
    return true
  })
  const client = connect(old.connection(rereadCredentials(async () => ({ token: 'new' }), armedClock())))
  for (let read = 0; read < 10; read++) await client.get(configMaps, key)
  expect(old.connections()).toBeLessThanOrEqual(2)
  await old.close()
})

test('a second 401 is the answer', async () => {
  const { connection } = renewing({ token: 'old' }, { token: 'new' })
  const read = connect(connection).get(configMaps, key)
  for (let time = 0; time < 2; time++) (await server.take()).json(401, status(401, 'Unauthorized'))
  await expect(read).rejects.toMatchObject({ reason: 'Unauthorized' })
})

test('fixed credentials are not tried twice', async () => {
  const read = connect(server.connection(fixedCredentials({ token: 'only' }))).get(configMaps, key)
  const asked = await server.take()
  asked.json(401, status(401, 'Unauthorized'))
  await expect(read).rejects.toMatchObject({ reason: 'Unauthorized' })
  expect(server.requests).toHaveLength(1)
})

test('many requests refused together ask the credentials once', async () => {
  const { connection, reads } = renewing({ token: 'old' }, { token: 'new' })
  const client = connect(connection)
  server.always(asked => {
    const known = bearer(asked) === 'Bearer new'
    asked.json(known ? 200 : 401, known ? object : status(401, 'Unauthorized'))
    return true
  })
  await Promise.all(Array.from({ length: 20 }, () => client.get(configMaps, key)))
  expect(reads()).toBe(2)
})

test('a watch is let in again too', async () => {
  const { connection } = renewing({ token: 'old' }, { token: 'new' })
  const watch = connect(connection).watch(configMaps, { resourceVersion: '1', signal: new AbortController().signal })
  const first = watch[Symbol.asyncIterator]().next()
  ;(await server.take()).json(401, status(401, 'Unauthorized'))
  const asked = await server.take()
  asked.begin()
  asked.end()
  expect(await first).toMatchObject({ done: true })
  expect(bearer(asked)).toBe('Bearer new')
})

test('a new client certificate means new connections', async () => {
  const { connection } = renewing({ certificate: alice }, { certificate: bob })
  const read = connect(connection).get(configMaps, key)
  const first = await server.take()
  first.json(401, status(401, 'Unauthorized'))
  const second = await server.take()
  second.json(200, object)
  await read
  expect([first.client, second.client, server.connections()]).toEqual(['alice', 'bob', 2])
})

test('an authority that was rotated is trusted as soon as it is read', async () => {
  answerAll()
  const old = await testCertificates()
  const clock = armedClock()
  const read = [old.ca, certificates.ca].values()
  const credentials = rereadCredentials(async () => ({ ca: read.next().value ?? '' }), clock)
  const client = connect({ ...server.connection(credentials), ca: old.ca })
  await expect(client.get(configMaps, key)).rejects.toMatchObject({ reason: 'Unavailable' })
  await clock.advance(60_000)
  expect(await client.get(configMaps, key)).toEqual(object)
})

test('without credentials nothing is sent, and the error says so, not that the server is away', async () => {
  const missing = new KubeconfigError('kubeconfig: users[0].user.tokenFile: /token cannot be read')
  const client = connect(server.connection({ present: () => Promise.reject(missing) }))
  const message = `there are no credentials for the API server: ${missing.message}`
  await expect(client.get(configMaps, key)).rejects.toMatchObject({ reason: 'NoCredentials', message })
  const watch = client.watch(configMaps, { resourceVersion: '1', signal: new AbortController().signal })
  await expect(watch[Symbol.asyncIterator]().next()).rejects.toMatchObject({ reason: 'NoCredentials' })
  expect(server.connections()).toBe(0)
})

test('the name in the certificate may differ from the address that is dialled', async () => {
  answerAll()
  const { url } = server
  const named = { ...server.connection(), serverName: 'kubernetes.test' }
  expect(await connect(named).get(configMaps, key)).toEqual(object)
  const wrong = { ...server.connection(), server: url, serverName: 'elsewhere.test' }
  await expect(connect(wrong).get(configMaps, key)).rejects.toMatchObject({
    reason: 'Unavailable',
    message: expect.stringContaining('its certificate names another host'),
  })
})

test('a name with the dot of the root is greeted without it', async () => {
  answerAll()
  const { port } = new URL(server.url)
  const connection = { ...server.connection(), server: `https://kubernetes.test.:${port}` }
  const lookup: LookupFunction = (_, { all }, done) =>
    all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)
  const client = createClient(undiciTransport(connection, { lookup }), { clock: armedClock(), random: () => 0 })
  clients.push(client)
  expect(await client.get(configMaps, key)).toEqual(object)
})

test('a server of another authority is not talked to', async () => {
  const other = await testCertificates()
  const connection = { ...server.connection(), ca: other.ca }
  await expect(connect(connection).get(configMaps, key)).rejects.toMatchObject({ reason: 'Unavailable' })
  expect(server.requests).toEqual([])
})

test('a path in the server URL stays in front', async () => {
  const connection = { ...server.connection(), server: `${server.url}/k8s/clusters/c-1/` }
  const probed = connect(connection).probe('/readyz')
  const asked = await server.take()
  asked.text(200, 'ok')
  await probed
  expect(asked.path).toBe('/k8s/clusters/c-1/readyz')
})

test('every answer is counted, and so is none', async () => {
  const answers: string[] = []
  const client = connect(server.connection(), ({ method, code, host }) => answers.push(`${method} ${code} ${host}`))
  const read = client.get(configMaps, key)
  ;(await server.take()).json(404, status(404, 'NotFound', 'not found', { name: 'a' }))
  await read
  const written = client.create(configMaps, object)
  await server.take()
  server.resetConnections()
  await expect(written).rejects.toThrow()
  const host = new URL(server.url).host
  expect(answers).toEqual([`GET 404 ${host}`, `POST <error> ${host}`])
})

test('close breaks off what is under way', async () => {
  const client = connect(server.connection())
  const written = client.create(configMaps, object)
  const asked = await server.take()
  const failed = expect(written).rejects.toMatchObject({ reason: 'Unavailable' })
  await client.close()
  await failed
  await asked.closed
})

test.each([30_000, 'unlimited'] as const)(
  'one that says again and again that it will answer is not waited for, with a limit of %s',
  slow,
  async timeoutMs => {
    await using stack = new AsyncDisposableStack()
    const slowly = stack.adopt(await scriptedServer(certificates, 'HTTP/1.1'), one => one.close())
    slowly.always(asked => {
      for (let hints = 0; hints < 100; hints++) asked.hint()
      return true
    })
    const transport = stack.adopt(undiciTransport(slowly.connection()), one => one.close())
    const answer = transport.send({ method: 'GET', path: '/', headers: {}, timeoutMs })
    await expect(answer).rejects.toThrow('hints, and no answer')
  },
)
