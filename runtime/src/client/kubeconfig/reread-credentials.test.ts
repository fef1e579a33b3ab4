// Credentials whose source changes, and sometimes cannot be read — core
import { expect, test } from 'vitest'
import { manualClock } from '../../testing/clock.ts'
import type { Identity } from '../transport/connection.ts'
import { rereadCredentials } from './reread-credentials.ts'

/** A source whose every answer the test gives, in any order. */
function source() {
  const clock = manualClock()
  const reads: PromiseWithResolvers<Identity>[] = []
  const credentials = rereadCredentials(() => {
    const read = Promise.withResolvers<Identity>()
    reads.push(read)
    return read.promise
  }, clock)
  const read = (number: number) => {
    const found = reads[number]
    if (!found) throw new Error(`nobody read a ${number}th time`)
    return found
  }
  return { clock, credentials, read, count: () => reads.length }
}

const first: Identity = { token: 'first' }
const second: Identity = { token: 'second' }
const noFile = new Error('EMFILE')

test('a read that fails costs no request, and is repeated a second later, not by each request', async () => {
  const { clock, credentials, read, count } = source()
  const asked = credentials.present()
  read(0).resolve(first)
  await asked
  await clock.advance(60_000)

  const during = credentials.present()
  read(1).reject(noFile)
  const answers = [await during, await credentials.present(), await credentials.present()]
  expect([answers, count()]).toEqual([[first, first, first], 2])

  await clock.advance(1_000)
  const later = credentials.present()
  read(2).resolve(second)
  expect(await later).toBe(second)
  await clock.advance(59_999)
  expect([await credentials.present(), count()]).toEqual([second, 3])
})

test('what was refused is not shown again, though nothing else can be read', async () => {
  const { credentials, read } = source()
  const asked = credentials.present()
  read(0).resolve(first)
  credentials.refused?.(await asked)

  const again = credentials.present()
  read(1).reject(noFile)
  await expect(again).rejects.toBe(noFile)
  const third = credentials.present()
  read(2).resolve(second)
  expect(await third).toBe(second)
})

test('a slow read from before does not bring back what was replaced, and a refusal of the newest still counts', async () => {
  const { clock, credentials, read, count } = source()
  const slow = credentials.present()
  await clock.advance(60_000)
  const fast = credentials.present()
  read(1).resolve(second)
  await fast
  read(0).resolve(first)
  await slow
  expect(await credentials.present()).toBe(second)

  credentials.refused?.(second)
  void credentials.present()
  expect(count()).toBe(3)
})

test('a slow read from before that fails takes nothing away', async () => {
  const { clock, credentials, read, count } = source()
  const slow = credentials.present()
  await clock.advance(60_000)
  const fast = credentials.present()
  read(1).resolve(second)
  await fast
  read(0).reject(noFile)
  await expect(slow).rejects.toBe(noFile)
  expect([await credentials.present(), count()]).toEqual([second, 2])
})
