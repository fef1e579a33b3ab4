// When an API server is asked — core
import { expect, test } from 'vitest'
import { armedClock } from '../testing/armed-clock.ts'
import type { WorkloadAnswer } from './answer.ts'
import { type Finding, Prober, pauseAfter } from './prober.ts'

const ready: Finding = { answer: { ready: true, message: '', version: 'v1.36.3+k0s' } }
const silent: Finding = { answer: { ready: false, message: 'nobody answers' } }
const refused: Finding = { ...silent, wasRefused: true }
const failing = (status: number): Finding => ({ answer: { ready: false, message: `answers ${status}` } })

/** `next` answers each question; a promise leaves it open. */
function setUp({ asksWhileReady = true, random = (): number => 0.5 } = {}) {
  const clock = armedClock()
  const asked: { readonly at: number; readonly before: WorkloadAnswer | undefined }[] = []
  const changes: number[] = []
  const script: { next: Finding | Promise<Finding> } = { next: silent }
  const prober = new Prober({
    clock,
    random,
    asksWhileReady,
    onChange: () => void changes.push(clock.elapsed()),
    ask: async before => {
      asked.push({ at: clock.elapsed(), before })
      return script.next
    },
  })
  const times = (): number[] => asked.map(({ at }) => at)
  return { clock, prober, script, asked, times, changes }
}

test('it asks at once, and again after 1 to 30 seconds for as long as nobody answers', async () => {
  const { clock, prober, times } = setUp()
  prober.start()
  expect(prober.answer).toBeUndefined()
  await clock.advance(120_000)
  expect(times()).toEqual([0, 1_000, 3_000, 7_000, 15_000, 31_000, 61_000, 91_000])
})

test('only the first refused connection is followed by a fifth of a second', async () => {
  const { clock, prober, script, times } = setUp()
  script.next = refused
  prober.start()
  await clock.advance(8_000)
  expect(times()).toEqual([0, 200, 1_200, 3_200, 7_200])
})

test('while it is ready it is asked every half minute, or not at all', async () => {
  const on = setUp()
  on.script.next = ready
  on.prober.start()
  await on.clock.advance(60_000)
  expect(on.times()).toEqual([0, 30_000, 60_000])

  const rests = setUp({ asksWhileReady: false })
  rests.script.next = ready
  rests.prober.start()
  await rests.clock.advance(600_000)
  rests.prober.start()
  await rests.clock.settle()
  expect(rests.times()).toEqual([0])
  expect(rests.clock.timers()).toBe(0)
})

test.each([
  [0, [800, 24_000]],
  [0.999_999, [1_200, 36_000]],
] as const)('pauses are spread by a fifth: %f', async (random, [first, onceReady]) => {
  const { clock, prober, script } = setUp({ random: () => random })
  prober.start()
  expect(await clock.armed()).toBeCloseTo(first, -1)
  script.next = ready
  await clock.advance(first + 1)
  expect(await clock.armed()).toBeCloseTo(onceReady, -1)
})

test('only an answer that differs is news', async () => {
  const { clock, prober, script, changes } = setUp()
  prober.start()
  await clock.advance(4_000)
  script.next = failing(500)
  await clock.advance(10_000)
  script.next = ready
  await clock.advance(200_000)
  script.next = silent
  await clock.advance(60_000)
  expect(changes).toHaveLength(4)
  expect(prober.answer).toEqual(silent.answer)
})

test('what it answered before is known to the next question', async () => {
  const { clock, prober, script, asked } = setUp()
  script.next = ready
  prober.start()
  await clock.advance(30_000)
  expect(asked.map(({ before }) => before)).toEqual([undefined, ready.answer])
})

test('a pause begins anew with each outage', async () => {
  const { clock, prober, script, times } = setUp()
  prober.start()
  await clock.advance(10_000)
  script.next = ready
  await clock.advance(6_000)
  script.next = silent
  await clock.advance(35_000)
  expect(times()).toEqual([0, 1_000, 3_000, 7_000, 15_000, 45_000, 46_000, 48_000])
})

test('many who want to know ask once', async () => {
  const { clock, prober, script, asked } = setUp()
  const answer = Promise.withResolvers<Finding>()
  script.next = answer.promise
  for (let pass = 0; pass < 100; pass++) prober.start()
  await clock.advance(60_000)
  for (let pass = 0; pass < 100; pass++) prober.start()
  answer.resolve(silent)
  await clock.settle()
  for (let pass = 0; pass < 100; pass++) prober.start()
  expect(asked).toHaveLength(1)
})

test('told to stop it asks no more and tells nothing; started again it asks at once', async () => {
  const { clock, prober, script, times, changes } = setUp()
  prober.start()
  await clock.settle()
  prober.stop()
  expect(clock.timers()).toBe(0)
  await clock.advance(100_000)
  prober.start()
  await clock.settle()
  expect(times()).toEqual([0, 100_000])

  const late = Promise.withResolvers<Finding>()
  script.next = late.promise
  await clock.advance(2_000)
  prober.stop()
  late.resolve(ready)
  await clock.advance(100_000)
  expect([times().length, changes.length, clock.timers()]).toEqual([3, 1, 0])
})

test('started again while the last question is open, it goes on with its answer', async () => {
  const { clock, prober, script, times, changes } = setUp()
  const late = Promise.withResolvers<Finding>()
  script.next = late.promise
  prober.start()
  prober.stop()
  prober.start()
  late.resolve(silent)
  await clock.settle()
  script.next = ready
  await clock.advance(1_000)
  expect([times(), changes.length]).toEqual([[0, 1_000], 2])
})

test('a request that fails is news once, and asked about after a pause that grows with the failures', async () => {
  const { clock, prober, script, times, changes } = setUp({ asksWhileReady: false })
  script.next = ready
  prober.start()
  await clock.settle()
  for (let request = 0; request < 6; request++) prober.doubt('reset')
  expect(prober.answer).toEqual({ ready: false, message: 'reset', version: 'v1.36.3+k0s' })
  expect([changes.length, await clock.armed()]).toEqual([2, 1_000])
  await clock.advance(1_000)
  prober.doubt('reset', { failures: 4 })
  expect(await clock.armed()).toBe(8_000)
  await clock.advance(8_000)
  expect([times(), changes.length]).toEqual([[0, 1_000, 9_000], 5])
})

test('a server that says when to come back is left alone until then, but not for ever', async () => {
  const { clock, prober, script, times } = setUp()
  script.next = { ...failing(429), retryAfterMs: 20_000 }
  prober.start()
  await clock.advance(20_000)
  script.next = { ...failing(429), retryAfterMs: 999_999_000 }
  await clock.advance(20_000)
  await clock.advance(300_000)
  expect(times()).toEqual([0, 20_000, 40_000, 340_000])
})

test('a doubt waits as long as the server asks for', async () => {
  const { clock, prober, script } = setUp()
  script.next = ready
  prober.start()
  await clock.settle()
  prober.doubt('429', { retryAfterMs: 10_000 })
  expect(await clock.armed()).toBe(10_000)
})

test('pauses have an end', () => {
  expect([1, 2, 3, 100, 10_000].map(failures => pauseAfter(failures))).toEqual([1_000, 2_000, 4_000, 30_000, 30_000])
})
