// How far is read what never ends — core
import { expect, test } from 'vitest'
import { nodes } from '../../kinds.ts'
import { limits } from '../../limits.ts'
import { readPage } from './bodies.ts'
import { type Bounds, type Spent, trustedBounds, untrustedBounds } from './bounds.ts'
import { lines } from './lines.ts'

const chunk = Buffer.alloc(65_536, 'x')

/** A body that never ends, and how much of it was read. */
function endless(start: string) {
  const read = { bytes: 0 }
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(start)
    for (;;) {
      read.bytes += chunk.length
      yield chunk
    }
  }
  return { read, body: body() }
}

const reader = { object: () => undefined, leftOut: () => undefined }

test.each<[string, Bounds, number]>([
  ['that is trusted', trustedBounds, limits.skippedBytes.value],
  ['of a tenant', untrustedBounds(), limits.workloadSkippedBytes.value],
])('from an API server %s', async (_, bounds, most) => {
  const line = endless('{"type":"ADDED')
  await expect(lines(line.body, bounds).next()).rejects.toThrow('a line that does not end')
  const page = endless('{"items":[{"metadata":{"name":"')
  const maxBytes = limits.skippedBytes.value
  expect(await readPage(page.body, nodes, { reader, bounds, maxBytes })).toEqual({ kind: 'cut', objects: 0 })
  for (const { bytes } of [line.read, page.read]) {
    expect(bytes).toBeGreaterThan(most - 2 * chunk.length)
    expect(bytes).toBeLessThan(most + 2 * chunk.length)
  }
})

test('a list says what it took to read it', async () => {
  const list = '{"items":[{"metadata":{"name":"a,{"},"spec":[[],{}]}],"metadata":{"resourceVersion":"1"}}'
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(list)
  }
  const told: Spent[] = []
  const bounds = { ...untrustedBounds(), spent: (spent: Spent) => void told.push(spent) }
  await readPage(body(), nodes, { reader, bounds, maxBytes: list.length })
  expect(told).toEqual([{ objects: 1 }, { bytes: list.length, marks: 19 }])
})
