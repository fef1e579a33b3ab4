// What a server cannot do to us by sending too much — shell
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { limits } from '../limits.ts'
import { armedClock } from '../testing/armed-clock.ts'
import { type TestCertificates, testCertificates } from '../testing/certificates.ts'
import { configMap, configMaps } from '../testing/kubernetes-answers.ts'
import { type Asked, type ScriptedServer, scriptedServer } from '../testing/scripted-server.ts'
import { createClient } from './client.ts'
import { undiciTransport } from './transport/undici-transport.ts'
import type { Client, LeftOut } from './types.ts'

const key = { namespace: 'ns', name: 'a' }
const piece = Buffer.alloc(65_536, 'a')

let certificates: TestCertificates
let server: ScriptedServer
let client: Client

beforeAll(async () => {
  certificates = await testCertificates()
})

/** Writes until the other side has enough; resolves with how much it took. */
async function flood(asked: Asked, bytes: Uint8Array = piece): Promise<number> {
  let isClosed = false
  let sent = 0
  void asked.closed.then(() => {
    isClosed = true
  })
  while (!isClosed) {
    await Promise.race([asked.write(bytes), asked.closed])
    sent += bytes.length
  }
  return sent
}

/** What is on the way between two processes besides what was read. */
const underWay = 4_194_304

describe.each(['HTTP/2', 'HTTP/1.1'] as const)('over %s', { timeout: 30_000 }, protocol => {
  beforeEach(async () => {
    server = await scriptedServer(certificates, protocol)
    client = createClient(undiciTransport(server.connection()), { clock: armedClock(), random: () => 0 })
  })
  afterEach(async () => {
    await client.close()
    await server.close()
  })

  test('an object without end is let go at its bound, and not asked for again', async () => {
    const read = client.get(configMaps, key)
    const refused = expect(read).rejects.toMatchObject({ reason: 'TooLarge' })
    const asked = await server.take()
    asked.begin()
    await asked.write('{"data":{"x":"')
    const sent = await flood(asked)
    await refused
    expect(sent).toBeGreaterThan(limits.objectBytes.value)
    expect(sent).toBeLessThan(limits.objectBytes.value + underWay)
    expect(server.requests).toHaveLength(1)
  })

  test('of a refusal without end the status counts', async () => {
    const read = client.get(configMaps, key)
    const refused = expect(read).rejects.toMatchObject({ reason: 'Forbidden', code: 403 })
    const asked = await server.take()
    asked.begin(403)
    expect(await flood(asked)).toBeLessThan(limits.textBytes.value + underWay)
    await refused
  })

  test('of an answer to a probe that has no end the status counts', async () => {
    const probe = client.probe('/readyz')
    const asked = await server.take()
    asked.begin()
    await flood(asked)
    expect(await probe).toMatchObject({ status: 200, body: '' })
  })

  test('a page over its bytes is cut, and what came of it is told', async () => {
    const told: string[] = []
    const reader = {
      object: ({ metadata }: { metadata: { name?: string } }) => void told.push(metadata.name ?? ''),
      leftOut: () => undefined,
    }
    const page = client.page(configMaps, { reader, maxBytes: 1_000_000 })
    const asked = await server.take()
    asked.begin()
    await asked.write('{"metadata":{"resourceVersion":"1"},"items":[')
    await flood(asked, Buffer.from(`${JSON.stringify(configMap('a', '1', { x: 'x'.repeat(100_000) }))},`))
    expect(await page).toEqual({ kind: 'cut', objects: told.length })
    expect(told.length).toBeGreaterThan(8)
    expect(told.length).toBeLessThan(30)
  })

  test('an object too large for a list is left out by name, and the others come', async () => {
    const told: string[] = []
    const leftOut: LeftOut[] = []
    const reader = {
      object: ({ metadata }: { metadata: { name?: string } }) => void told.push(metadata.name ?? ''),
      leftOut: (what: LeftOut) => void leftOut.push(what),
    }
    const page = client.page(configMaps, { reader, maxBytes: limits.skippedBytes.value })
    const asked = await server.take()
    const { kind: _, apiVersion: __, ...large } = configMap('large', '2', { x: 'x'.repeat(limits.objectBytes.value) })
    const { namespace, name, ...rest } = large.metadata
    const deep = `{"metadata":{"name":"deep"},"data":${'['.repeat(1_000)}${']'.repeat(1_000)}}`
    const wide = `{"metadata":{"name":"wide","generateName":"w","namespace":"n"},"data":[${'{},'.repeat(300_000)}{}]}`
    const sent = [
      JSON.stringify(configMap('a', '1')),
      JSON.stringify({ metadata: { name, namespace, ...rest }, data: large.data }),
      deep,
      wide,
      JSON.stringify(configMap('b', '3')),
    ]
    asked.text(200, `{"items":[${sent.join(',')}],"metadata":{"resourceVersion":"9"}}`)
    expect(await page).toMatchObject({ kind: 'whole', resourceVersion: '9' })
    expect(told).toEqual(['a', 'b'])
    expect(leftOut.map(one => one.name)).toEqual(['ns/large', 'deep', 'n/wide'])
  })

  test('a line of a watch that is too long is left out, and the watch goes on', async () => {
    const leftOut: LeftOut[] = []
    const { watch, asked } = await watched(what => leftOut.push(what))
    const next = watch.next()
    await asked.write('{"type":"MODIFIED","object":{"metadata":{"name":"large","namespace":"ns"},"data":{"x":"')
    for (let sent = 0; sent <= limits.objectBytes.value; sent += piece.length) await asked.write(piece)
    await asked.write('"}}}\n')
    await asked.line({ type: 'ADDED', object: configMap('b', '3') })
    expect(await next).toMatchObject({ value: { object: { metadata: { name: 'b' } } } })
    expect(leftOut).toMatchObject([{ name: 'ns/large' }])
    await watch.return?.()
  })

  test('a line without end breaks the watch off', async () => {
    const { watch, asked } = await watched()
    const refused = expect(watch.next()).rejects.toMatchObject({ reason: 'TooLarge' })
    expect(await flood(asked)).toBeLessThan(limits.skippedBytes.value + underWay)
    await refused
  })

  test('garbage breaks a watch off', async () => {
    const { watch, asked } = await watched()
    const refused = expect(watch.next()).rejects.toMatchObject({ reason: 'Unknown' })
    await asked.write('\u0000<html>\n')
    await refused
  })
})

async function watched(leftOut: (what: LeftOut) => void = () => undefined) {
  const { signal } = new AbortController()
  const watch = client.watch(configMaps, { resourceVersion: '1', signal, leftOut })[Symbol.asyncIterator]()
  const first = watch.next()
  const asked = await server.take()
  asked.begin()
  await asked.line({ type: 'ADDED', object: configMap('a', '2') })
  await first
  return { watch, asked }
}
