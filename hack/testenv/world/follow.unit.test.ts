// What is told of objects whose watch breaks — core
import type { KubeObject } from '@k0smotron-ts/api'
import { ApiError, type Client, configMaps, type WatchEvent } from '@k0smotron-ts/runtime'
import { expect, test } from 'vitest'
import { follow, type Sight } from './follow.ts'
import { untilAll } from './until.ts'

const object = (name: string, resourceVersion = '1'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, uid: name, resourceVersion },
})

interface Round {
  readonly list: readonly KubeObject[]
  readonly events?: readonly WatchEvent<KubeObject>[]
  readonly end?: Error
}

/** Each list begins the next round; after the last one nothing happens any more. */
function clientOf(rounds: readonly Round[], end: AbortController): Client {
  const left = [...rounds]
  let round: Round | undefined
  return {
    list: async () => {
      round = left.shift()
      if (!round) end.abort()
      return { items: round?.list ?? [], resourceVersion: '1' }
    },
    watch: async function* () {
      yield* round?.events ?? []
      if (round?.end) throw round.end
    },
  } as unknown as Client
}

async function told(rounds: readonly Round[]): Promise<string[]> {
  const end = new AbortController()
  const lines: string[] = []
  const name = (one: KubeObject): string => `${one.metadata.name}${one.metadata.resourceVersion}`
  const line = ({ changes }: Sight<KubeObject>): string =>
    changes.map(({ before, after }) => `${before ? name(before) : ''}>${after ? name(after) : ''}`).join(' ')
  for await (const sight of follow(clientOf(rounds, end), configMaps, { signal: end.signal })) {
    if (end.signal.aborted) break
    lines.push(`${line(sight)} = ${sight.objects.map(name).join(' ')}`)
  }
  return lines
}

test('what is there is told first, also when it is nothing, then each change', async () => {
  const events = [
    { type: 'ADDED', object: object('a') },
    { type: 'BOOKMARK', object: object('') },
    { type: 'MODIFIED', object: object('a', '2') },
    { type: 'DELETED', object: object('a', '3') },
  ] as const
  expect(await told([{ list: [], events }])).toEqual([' = ', '>a1 = a1', 'a1>a2 = a2', 'a3> = '])
})

test('after a break the list tells what came, changed and went meanwhile', async () => {
  const rounds = [
    { list: [object('a'), object('b')], end: new ApiError({ reason: 'Gone', message: 'too old', request: 'WATCH' }) },
    { list: [object('b', '2'), object('c')] },
  ]
  expect(await told(rounds)).toEqual(['>a1 >b1 = a1 b1', 'a1> b1>b2 >c1 = b2 c1'])
})

test('a refusal is thrown', async () => {
  const end = new ApiError({ reason: 'Forbidden', message: 'no', request: 'WATCH' })
  await expect(told([{ list: [], end }])).rejects.toThrow('no')
})

test('who runs out of patience gets what was seen last', async () => {
  const end = new AbortController()
  const client = clientOf([{ list: [object('a')] }], end)
  const found = await untilAll(client, { type: configMaps, patienceMs: 1 }, all => all.length === 2)
  expect(found.isSo).toBe(false)
})
