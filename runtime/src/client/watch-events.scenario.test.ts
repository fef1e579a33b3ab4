// What a watch makes of the bytes it gets — shell
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { armedClock } from '../testing/armed-clock.ts'
import { type TestCertificates, testCertificates } from '../testing/certificates.ts'
import { bookmark, configMap, configMaps, status } from '../testing/kubernetes-answers.ts'
import { type Asked, type ScriptedServer, scriptedServer } from '../testing/scripted-server.ts'
import { createClient } from './client.ts'
import { undiciTransport } from './transport/undici-transport.ts'
import type { Client, WatchEvent } from './types.ts'

let certificates: TestCertificates
let server: ScriptedServer
let client: Client
let stop: AbortController

beforeAll(async () => {
  certificates = await testCertificates()
})
beforeEach(async () => {
  server = await scriptedServer(certificates)
  client = createClient(undiciTransport(server.connection()), { clock: armedClock(), random: () => 0 })
  stop = new AbortController()
})
afterEach(async () => {
  await client.close()
  await server.close()
})

interface Seen {
  readonly events: WatchEvent<ReturnType<typeof configMap>>[]
  /** How it ended: `ended`, or the reason of what was thrown. */
  readonly end: Promise<string>
}

function watch(): Seen {
  const events: Seen['events'] = []
  const read = async (): Promise<string> => {
    const options = { namespace: 'ns', resourceVersion: '5', signal: stop.signal }
    for await (const event of client.watch(configMaps, options)) events.push(event)
    return 'ended'
  }
  return { events, end: read().catch((error: { reason: string }) => error.reason) }
}

async function opened(): Promise<Seen & { readonly asked: Asked }> {
  const seen = watch()
  const asked = await server.take()
  asked.begin()
  return { ...seen, asked }
}

const added = (
  name: string,
  data: Record<string, string> = {},
): { type: 'ADDED'; object: ReturnType<typeof configMap> } => ({
  type: 'ADDED',
  object: configMap(name, '6', data),
})

test('a watch asks for bookmarks and goes on where the list ended', async () => {
  const { asked, end } = await opened()
  asked.end()
  await end
  expect(Object.fromEntries(asked.query)).toEqual({ watch: 'true', allowWatchBookmarks: 'true', resourceVersion: '5' })
})

test('events and bookmarks come as they were sent; a normal end is no error', async () => {
  const { asked, events, end } = await opened()
  await asked.line(added('a'))
  await asked.line(bookmark('9'))
  asked.end()
  expect(await end).toBe('ended')
  expect(events).toEqual([added('a'), bookmark('9')])
})

test('a raw U+2028 and a character cut between chunks survive', async () => {
  const { asked, events, end } = await opened()
  const event = added('a', { text: 'before\u2028after – 🚀' })
  const bytes = Buffer.from(`${JSON.stringify(event)}\n`)
  for (const byte of bytes) await asked.write(Uint8Array.of(byte))
  asked.end()
  await end
  expect(events).toEqual([event])
})

test('several events in one chunk are several events', async () => {
  const { asked, events, end } = await opened()
  await asked.write(['a', 'b', 'c'].map(name => `${JSON.stringify(added(name))}\n`).join(''))
  asked.end()
  await end
  expect(events.map(({ object }) => object.metadata.name)).toEqual(['a', 'b', 'c'])
})

test.each([
  [410, 'Expired', 'Gone'],
  [500, 'InternalError', 'Internal'],
  [429, 'TooManyRequests', 'TooManyRequests'],
])('an ERROR line %i %s is thrown after the events before it', async (code, reason, expected) => {
  const { asked, events, end } = await opened()
  await asked.line(added('a'))
  await asked.line({ type: 'ERROR', object: status(code, reason) })
  expect(await end).toBe(expected)
  expect(events).toHaveLength(1)
})

test('a last line that was cut is an error, not a silent end', async () => {
  const { asked, events, end } = await opened()
  await asked.line(added('a'))
  await asked.write(JSON.stringify(added('b')).slice(0, -3))
  asked.end()
  expect(await end).toBe('Unavailable')
  expect(events).toHaveLength(1)
})

test('a line that is no JSON is an error', async () => {
  const { asked, end } = await opened()
  await asked.write('<html>bad gateway</html>\n')
  expect(await end).toBe('Unknown')
})

test.each([
  'null',
  '[]',
  '{}',
  '{"type":"ADDED"}',
  '{"type":"ADDED","object":null}',
  '{"type":"ADDED","object":{}}',
  '{"type":"ADDED","object":{"metadata":{"name":5}}}',
  '{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":5}}}',
  '{"type":"OTHER","object":{"metadata":{"name":"a","resourceVersion":"6"}}}',
])('a line that is no event is an error: %s', async line => {
  const { asked, events, end } = await opened()
  await asked.write(`${line}\n`)
  expect(await end).toBe('Unknown')
  expect(events).toEqual([])
})

test.each([
  ['the stream', (asked: Asked) => asked.break()],
  ['the connection', (_asked: Asked) => server.resetConnections()],
])('a reset of %s is an error', async (_what, reset) => {
  const { asked, events, end } = await opened()
  await asked.line(added('a'))
  reset(asked)
  expect(await end).toBe('Unavailable')
  expect(events.length).toBeLessThanOrEqual(1)
})

test('a watch that is refused is thrown with its reason', async () => {
  const { end } = watch()
  const asked = await server.take()
  asked.json(410, status(410, 'Expired'))
  expect(await end).toBe('Gone')
})

test('the signal ends a watch quietly and lets go of the stream', async () => {
  const { asked, end } = await opened()
  stop.abort()
  expect(await end).toBe('ended')
  await asked.closed
})

test('leaving the loop lets go of the stream', async () => {
  const first = (async () => {
    for await (const event of client.watch(configMaps, { resourceVersion: '5', signal: stop.signal })) return event
    return undefined
  })()
  const asked = await server.take()
  asked.begin()
  await asked.line(added('a'))
  expect(await first).toEqual(added('a'))
  await asked.closed
})
