// The work queue, one promise at a time — shell
import { expect, test } from 'vitest'
import { limits } from '../limits.ts'
import { queueUnderTest } from '../testing/queue-under-test.ts'

test('takes nothing before it is started, and then what was added meanwhile', async () => {
  const { queue, clock, started } = queueUnderTest()
  queue.add('a')
  await clock.settle()
  expect(started).toEqual([])
  expect(queue.depth).toBe(1)

  queue.start()
  await clock.settle()
  expect(started).toEqual(['a'])
  expect(queue.depth).toBe(0)
})

test('first come, first served; a key that comes back goes to the end of the line', async () => {
  const { queue, clock, started, finish } = queueUnderTest()
  queue.start()
  queue.add('a')
  await clock.settle()
  queue.add('b')
  queue.add('a')
  queue.add('c')

  for (const key of ['a', 'b', 'c', 'a']) await finish(key)

  expect(started).toEqual(['a', 'b', 'c', 'a'])
})

test('a key added three times while it is worked on runs once more', async () => {
  const { queue, clock, started, finish } = queueUnderTest({ concurrency: 3 })
  queue.start()
  queue.add('a')
  await clock.settle()

  for (let i = 0; i < 3; i++) queue.add('a')
  await clock.settle()
  expect(started).toEqual(['a'])

  await finish('a')
  await finish('a')
  expect(started).toEqual(['a', 'a'])
})

test('no more workers than allowed', async () => {
  const { queue, clock, finish } = queueUnderTest({ concurrency: 2 })
  queue.start()
  for (const key of ['a', 'b', 'c']) queue.add(key)
  await clock.settle()
  expect([queue.active, queue.depth]).toEqual([2, 1])

  await finish('a')
  expect([queue.active, queue.depth]).toEqual([2, 0])
})

test.each([
  ['a later deadline does not put off an earlier one', 10, 60],
  ['an earlier deadline moves a later one forward', 60, 10],
])('%s', async (_, first, second) => {
  const { queue, clock, started, finish } = queueUnderTest()
  queue.start()
  queue.addAfter('a', first)
  queue.addAfter('a', second)

  await clock.advance(9)
  expect(started).toEqual([])
  await clock.advance(1)
  await finish('a')
  await clock.advance(1_000)
  expect(started).toEqual(['a'])
})

test('a deadline that passes while the key is worked on brings it back', async () => {
  const { queue, clock, started, finish } = queueUnderTest()
  queue.start()
  queue.addAfter('a', 10)
  queue.add('a')
  await clock.advance(10)
  await finish('a')
  expect(started).toEqual(['a', 'a'])
})

test('failures in a row wait longer, and a success forgets them', async () => {
  const { queue, clock, started, finish } = queueUnderTest()
  queue.start()
  const waitAfterFailure = async (): Promise<number> => {
    const passes = started.length
    const from = clock.elapsed()
    queue.retry('a')
    while (started.length === passes) await clock.advance(1)
    await finish('a')
    return clock.elapsed() - from
  }

  const inARow = [await waitAfterFailure(), await waitAfterFailure(), await waitAfterFailure()]
  queue.forget('a')

  expect([...inARow, await waitAfterFailure()]).toEqual([5, 10, 20, 5])
})

test('stop calls off deadlines, takes nothing more and waits for the running pass', async () => {
  const { queue, clock, started, finish } = queueUnderTest()
  queue.start()
  queue.add('a')
  queue.add('b')
  queue.addAfter('c', 10)
  await clock.settle()

  let stopped = false
  void queue.stop().then(() => {
    stopped = true
  })
  void queue.stop()
  queue.add('d')
  await clock.advance(100)
  expect({ stopped, timers: clock.timers() }).toEqual({ stopped: false, timers: 0 })

  await finish('a')
  expect({ stopped, started }).toEqual({ stopped: true, started: ['a'] })
})

test('tells how long keys waited and were worked on', async () => {
  const told: unknown[] = []
  const { queue, clock, finish } = queueUnderTest({
    observer: {
      added: () => told.push('added'),
      taken: waitedMs => told.push(['taken', waitedMs]),
      finished: workedMs => told.push(['finished', workedMs]),
      retried: () => told.push('retried'),
      braked: () => told.push('braked'),
    },
  })
  queue.add('a')
  await clock.advance(30)
  queue.start()
  await clock.advance(20)
  expect(queue.runningMs()).toEqual([20])
  await finish('a')
  queue.retry('a')

  expect(told).toEqual(['added', ['taken', 30], ['finished', 20], 'retried'])
})

test('a key is worked on five times at once, then once a second, however often it is added', async () => {
  let braked = 0
  const nothing = (): void => undefined
  const observer = { added: nothing, taken: nothing, finished: nothing, retried: nothing, braked: () => void braked++ }
  const { queue, clock, started, finish } = queueUnderTest({ observer })
  queue.start()
  const passesUntil = async (instant: number): Promise<number> => {
    while (clock.elapsed() < instant) {
      queue.add('a')
      await clock.settle()
      await finish('a')
      if (!started.length || queue.active === 0) await clock.advance(10)
    }
    return started.length
  }

  expect(await passesUntil(990)).toBe(5)
  expect(await passesUntil(3_500)).toBe(8)
  expect(braked).toBe(4)
})

test('a key that is braked does not delay another', async () => {
  const { queue, clock, started, finish } = queueUnderTest()
  queue.start()
  for (let pass = 0; pass < 6; pass++) {
    queue.add('a')
    await clock.settle()
    await finish('a')
  }
  queue.add('b')
  await clock.settle()
  expect(started).toEqual(['a', 'a', 'a', 'a', 'a', 'b'])
})

test('a thousand keys that come at once are not braked', async () => {
  const { queue, clock, started, finish } = queueUnderTest({ concurrency: 1_000 })
  queue.start()
  for (let round = 0; round < 5; round++) {
    for (let key = 0; key < 1_000; key++) queue.add(`n${key}/a`)
    await clock.settle()
    for (let key = 0; key < 1_000; key++) await finish(`n${key}/a`)
  }
  expect([started.length, clock.elapsed()]).toEqual([5_000, 0])
})

test('of a namespace with a thousand keys and one with a single key, the single one is served at once', async () => {
  const concurrency = 5
  const { queue, clock, started, finish } = queueUnderTest({ concurrency })
  queue.start()
  for (let key = 0; key < 1_000; key++) queue.add(`many/${key}`)
  await clock.settle()
  queue.add('one/a')
  while (!started.includes('one/a')) await finish(started.at(-1) ?? '')
  expect(started.length).toBeLessThanOrEqual(2 * concurrency)
})

test('while passes of one namespace go on for ever, a key of another finds a worker', async () => {
  const { queue, clock, started, finish } = queueUnderTest({ concurrency: 3 })
  queue.start()
  for (let key = 0; key < 10; key++) queue.add(`slow/${key}`)
  await clock.settle()
  expect(started).toEqual(['slow/0', 'slow/1', 'slow/2'])
  for (const key of ['one/a', 'one/b', 'two/a']) queue.add(key)
  await clock.settle()
  expect(started.slice(3)).toEqual(['one/a', 'two/a'])
  await finish('one/a')
  expect(started.slice(5)).toEqual(['one/b'])
  await clock.advance(limits.crowdMilliseconds.value)
  await finish('slow/0')
  expect(started.slice(6)).toEqual(['slow/3'])
})

test('a pass that waits for somebody outside leaves its turn to another of its namespace', async () => {
  const { queue, clock, started } = queueUnderTest({ concurrency: 1 })
  queue.start()
  for (const key of ['slow/a', 'slow/b']) queue.add(key)
  await clock.settle()
  expect(started).toEqual(['slow/a'])
  queue.away('slow/a')
  await clock.settle()
  expect(started).toEqual(['slow/a', 'slow/b'])
})

test('after a start, keys with news come first; the others come too', async () => {
  const { queue, clock, started, finish } = queueUnderTest()
  for (const key of ['a/look', 'b/look', 'c/news']) queue.add(key)
  queue.start(key => key.endsWith('news'))
  await clock.settle()
  for (const key of ['c/news', 'a/look', 'b/look']) await finish(key)
  expect(started).toEqual(['c/news', 'a/look', 'b/look'])
})

test.each([
  ['what a failed pass wrote itself does not bring it back before its delay', 'ownWrite' as const, 5],
  ['what others changed meanwhile does', 'change' as const, 0],
])('%s', async (_, cause, at) => {
  const { queue, clock, started, finish } = queueUnderTest()
  queue.start()
  queue.add('a')
  await clock.settle()
  queue.add('a', 'ownWrite')
  queue.add('a', cause)
  queue.retry('a')
  await finish('a')
  await clock.advance(at)
  expect(started).toHaveLength(2)
  if (at > 0) expect(clock.elapsed()).toBe(at)
})

test('what a pass that got through wrote itself brings it back at once', async () => {
  const { queue, clock, started, finish } = queueUnderTest()
  queue.start()
  queue.add('a')
  await clock.settle()
  queue.add('a', 'ownWrite')
  queue.forget('a')
  await finish('a')
  expect(started).toEqual(['a', 'a'])
})

test('a deadline that is over comes back with growing pauses', async () => {
  const { queue, clock, started, finish } = queueUnderTest()
  queue.start()
  queue.add('a')
  const at: number[] = []
  while (at.length < 5) {
    await clock.advance(1)
    if (queue.active === 0) continue
    at.push(clock.elapsed())
    queue.addOverdue('a')
    await finish('a')
  }
  expect(started).toHaveLength(5)
  expect(at.map((instant, index) => instant - (at[index - 1] ?? instant))).toEqual([0, 500, 1_000, 2_000, 4_000])
})

test('a pass that waits for somebody outside takes no worker, until it goes on', async () => {
  const { queue, clock, started, finish } = queueUnderTest()
  queue.start()
  for (const key of ['a', 'b', 'c']) queue.add(key)
  await clock.settle()
  const goesOn = [queue.away('a'), queue.away('a')]
  await clock.settle()
  expect(started).toEqual(['a', 'b'])
  for (const one of goesOn) one()
  await finish('b')
  expect(started).toEqual(['a', 'b']) // it works again, and there is one worker
  await finish('a')
  expect(started).toEqual(['a', 'b', 'c'])
})

test('what a pass that is over still waits for takes and gives no worker', async () => {
  const { queue, clock, started, finish } = queueUnderTest()
  queue.start()
  for (const key of ['a', 'b', 'c']) queue.add(key)
  await clock.settle()
  const goesOn = queue.away('a')
  await clock.settle()
  await finish('a')
  queue.add('a')
  await finish('b')
  await finish('c')
  expect(started).toEqual(['a', 'b', 'c', 'a'])
  goesOn()
  queue.away('d')
  queue.add('b')
  await clock.settle()
  expect(started).toHaveLength(4)
})

test('while a server does not want to be asked again, no change brings its key back', async () => {
  const { queue, clock, started, finish } = queueUnderTest()
  queue.start()
  queue.add('a')
  await clock.settle()
  queue.add('a') // while it is worked on
  queue.retry('a', 30_000)
  await finish('a')
  while (clock.elapsed() < 29_900) {
    await clock.advance(100)
    queue.add('a')
  }
  expect(started).toEqual(['a'])
  await clock.advance(100)
  expect(started).toEqual(['a', 'a'])
  queue.forget('a')
  await finish('a')
  expect([queue.depth, clock.timers()]).toEqual([0, 0])
})

test('after what a server asked for, a change does not wait for the rest of the delay', async () => {
  const { queue, clock, started, finish } = queueUnderTest()
  queue.start()
  for (let failures = 0; failures < 4; failures++) queue.retry('a')
  queue.add('a')
  await clock.settle()
  queue.retry('a', 20) // the fifth: 80 ms
  await finish('a')
  queue.add('a')
  await clock.advance(19)
  expect(started).toHaveLength(1)
  await clock.advance(1)
  expect(started).toHaveLength(2)
})

test('a key for which a place is kept is not held by the brake', async () => {
  const { queue, clock, started, finish } = queueUnderTest()
  queue.start()
  for (let pass = 0; pass < 5; pass++) {
    queue.add('a')
    await clock.settle()
    await finish('a')
  }
  queue.add('a')
  await clock.settle()
  expect(started).toHaveLength(5)
  queue.invite('a')
  await clock.settle()
  expect(started).toHaveLength(6)
  await finish('a')
  queue.invite('b')
  await clock.settle()
  expect([started.at(-1), clock.timers()]).toEqual(['b', 0])
})
