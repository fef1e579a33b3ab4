// Whose passes make room for whose — shell
import { expect, test } from 'vitest'
import { namespaceOf } from '../key.ts'
import { limits } from '../limits.ts'
import { queueUnderTest } from '../testing/queue-under-test.ts'

const concurrency = 3
const lastingMs = limits.crowdMilliseconds.value

/** A queue in which a hundred keys of one namespace have come. */
async function crowded() {
  const under = queueUnderTest({ concurrency })
  const { queue, clock, started, finish } = under
  queue.start()
  for (let key = 0; key < 100; key++) queue.add(`crowd/${key}`)
  await clock.settle()
  const startedOf = (namespace: string) => started.filter(key => namespaceOf(key) === namespace).length
  /** So many of the crowd, in the order in which they began. */
  let finished = 0
  const finishOfCrowd = async (count: number) => {
    for (let nth = 0; nth < count; nth++) await finish(`crowd/${finished++}`)
  }
  return { ...under, startedOf, finishOfCrowd }
}

test('a crowd alone has all workers of a namespace', async () => {
  const { startedOf, finishOfCrowd } = await crowded()
  await finishOfCrowd(50)
  expect(startedOf('crowd')).toBe(50 + concurrency)
})

test('while one key of another namespace is worked on, and a moment longer, a crowd has one worker', async () => {
  const { queue, clock, startedOf, finish, finishOfCrowd } = await crowded()
  queue.add('one/a')
  await clock.settle()
  await finishOfCrowd(2)
  expect(startedOf('crowd')).toBe(3)
  await finishOfCrowd(1)
  expect(startedOf('crowd')).toBe(4)
  await finish('one/a')
  await finishOfCrowd(10)
  expect(startedOf('crowd')).toBe(14)
  await clock.advance(lastingMs)
  await finishOfCrowd(1)
  expect(startedOf('crowd')).toBe(14 + concurrency)
})

test('a pass that does not end makes a crowd wait no longer than one that does', async () => {
  const { queue, clock, startedOf, finishOfCrowd } = await crowded()
  queue.add('hung/a')
  await clock.advance(lastingMs)
  await finishOfCrowd(3)
  expect(startedOf('crowd')).toBe(3 + concurrency)
})

test('two crowds make no room for each other', async () => {
  const { queue, clock, started, startedOf, finishOfCrowd } = await crowded()
  for (let key = 0; key < 100; key++) queue.add(`other/${key}`)
  await clock.settle()
  await finishOfCrowd(3)
  expect([started.length, startedOf('other')]).toEqual([8, 3])
})
