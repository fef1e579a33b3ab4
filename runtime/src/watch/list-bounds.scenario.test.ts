// Lists that are too large, too long, or without end — shell
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { limits } from '../limits.ts'
import { type TestCertificates, testCertificates } from '../testing/certificates.ts'
import { type FollowedStore, followStore } from '../testing/followed-store.ts'
import { type ConfigMap, configMap, configMaps, listOf } from '../testing/kubernetes-answers.ts'
import type { Asked } from '../testing/scripted-server.ts'
import { listPages } from './list-pages.ts'

let certificates: TestCertificates
let followed: FollowedStore

beforeAll(async () => {
  certificates = await testCertificates()
})
beforeEach(async () => {
  followed = await followStore(certificates)
})
afterEach(() => followed.close())

const large = 'x'.repeat(1_400_000)

/** Each in a namespace of its own, because large objects of one namespace have a share of the cache. */
function largeObject(name: string): ConfigMap {
  const object = configMap(name, '1', { large })
  return { ...object, metadata: { ...object.metadata, namespace: name } }
}

/** As kube-apiserver answers: no more objects than asked for, and a token where to go on. */
async function page(asked: Asked, names: readonly string[]): Promise<void> {
  const from = Number(asked.query.get('continue') ?? 0)
  const to = from + Number(asked.query.get('limit'))
  const more = to < names.length ? String(to) : undefined
  const pieces = names.slice(from, to).map((name, nth) => (nth ? ',' : '') + JSON.stringify(largeObject(name)))
  asked.begin()
  await writeUntilClosed(asked, [
    '{"items":[',
    ...pieces,
    `],"metadata":${JSON.stringify({ resourceVersion: '9', continue: more })}}`,
  ])
  asked.end()
}

/** No faster than it is read, as any server. */
async function writeUntilClosed(asked: Asked, pieces: Iterable<string>): Promise<void> {
  for (const piece of pieces) {
    const isOpen = await Promise.race([asked.write(piece).then(() => true), asked.closed.then(() => false)])
    if (!isOpen) return
  }
}

function* forever(first: string, piece: string): Generator<string> {
  yield first
  for (;;) yield piece
}

const names = Array.from({ length: 20 }, (_, index) => `object-${index}`)

test('a page over its bytes is asked for again with fewer objects, and every object is told once', {
  timeout: 30_000,
}, async () => {
  const asked: Asked[] = []
  followed.server.always(request => {
    if (request.query.get('watch')) return false
    asked.push(request)
    void page(request, names)
    return true
  })
  expect((await followed.server.take()).query.get('resourceVersion')).toBe('9')
  expect(followed.told).toEqual(names.map(name => `+${name}`))
  const wanted = asked.map(({ query }) => Number(query.get('limit')))
  expect(wanted[0]).toBe(250)
  expect(Math.max(...wanted.slice(1))).toBeLessThanOrEqual(limits.pageBytes.value / large.length)
})

test('small objects after large ones come in larger pages again', { timeout: 30_000 }, async () => {
  const sizes: number[] = []
  const pages = 8
  for (let count = 0; count < pages; count++) {
    const asked = await followed.server.take()
    sizes.push(Number(asked.query.get('limit')))
    if (count === 0) {
      asked.begin()
      await writeUntilClosed(asked, forever('{"items":[', `${JSON.stringify(configMap('a', '1', { large }))},`))
    } else asked.json(200, listOf('9', [], count === pages - 1 ? undefined : 'more'))
  }
  expect(sizes.at(-1)).toBe(250)
})

test('pages without end: the list is broken off', async () => {
  let pages = 0
  const client = {
    page: async () => ({ kind: 'whole', bytes: 1, resourceVersion: '9', continue: String(++pages) }) as const,
    watch: () => expect.unreachable(),
  }
  const list = listPages(
    { ...followed, sink: followed.store, client, type: configMaps, selection: {}, random: () => 0 },
    new AbortController().signal,
  )
  await expect(list).rejects.toMatchObject({ reason: 'TooLarge' })
  expect(pages).toBe(limits.pagesPerList.value)
})

test('a list that takes too long is broken off, however steadily it comes', async () => {
  const asked = await followed.server.take()
  asked.begin()
  await asked.write('{')
  await followed.clock.armed(milliseconds => milliseconds === limits.listMilliseconds.value)
  await followed.clock.advance(limits.listMilliseconds.value)
  await asked.closed
  await followed.pausePassed()
  expect(followed.log.errors).toMatchObject([{ fields: { error: { reason: 'Timeout' } } }])
})

test('one object that is more than a list may be: told, and begun anew after a pause', {
  timeout: 30_000,
}, async () => {
  const text = 'y'.repeat(1_048_576)
  followed.server.always(asked => {
    asked.begin()
    void writeUntilClosed(asked, forever('{"items":[{"x":"', text))
    return true
  })
  await followed.pausePassed()
  expect(followed.log.errors).toMatchObject([{ fields: { error: { reason: 'TooLarge' } } }])
})
