// What the work queue promises, in any interleaving — shell
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { manualClock } from '../testing/clock.ts'
import { WorkQueue } from './work-queue.ts'

type Step =
  | { readonly kind: 'add' | 'addOwnWrite' | 'forget' | 'finish' | 'fail'; readonly key: string }
  | { readonly kind: 'addAfter'; readonly key: string; readonly milliseconds: number }
  | { readonly kind: 'advance'; readonly milliseconds: number }

const key = fc.constantFrom('a', 'b', 'c', 'd')
const milliseconds = fc.integer({ min: 0, max: 40 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('add' as const, 'addOwnWrite' as const), key }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('finish' as const, 'fail' as const), key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const), key }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('addAfter' as const), key, milliseconds }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('advance' as const), milliseconds }) },
)

/** The model: per key, the number of the last demand and the number that the last start has seen. */
class Model {
  readonly clock = manualClock()
  readonly demanded = new Map<string, number>()
  readonly seen = new Map<string, number>()
  readonly running = new Map<string, () => void>()
  readonly queue: WorkQueue
  readonly violations: string[] = []
  readonly startedAt = new Map<string, number[]>()
  starts = 0
  demands = 0

  constructor(concurrency: number) {
    this.queue = new WorkQueue({
      concurrency,
      clock: this.clock,
      random: () => 0.5,
      work: name => this.#work(name, concurrency),
    })
    this.queue.start()
  }

  demand(name: string): void {
    this.demands++
    this.demanded.set(name, this.demands)
  }

  async apply(next: Step): Promise<void> {
    if (next.kind === 'advance') return this.clock.advance(next.milliseconds)
    if (next.kind === 'finish' || next.kind === 'fail') return this.#end(next.key, next.kind === 'fail')
    if (next.kind === 'forget') return this.queue.forget(next.key)
    this.demand(next.key)
    if (next.kind === 'addAfter') this.queue.addAfter(next.key, next.milliseconds)
    else this.queue.add(next.key, next.kind === 'addOwnWrite' ? 'ownWrite' : 'change')
  }

  /** Ends everything and lets every deadline pass. */
  async drain(): Promise<void> {
    await this.clock.advance(10_000)
    while (this.running.size > 0) {
      for (const name of this.running.keys()) await this.#end(name, false)
      await this.clock.advance(10_000)
    }
  }

  async #end(name: string, failed: boolean): Promise<void> {
    const end = this.running.get(name)
    if (!end) return
    this.running.delete(name)
    if (failed) {
      this.demand(name)
      this.queue.retry(name, this.starts % 2 === 0 ? 25 : undefined)
    }
    end()
    await this.clock.settle()
  }

  #work(name: string, concurrency: number): Promise<void> {
    if (this.running.has(name)) this.violations.push(`two workers on ${name}`)
    this.starts++
    this.startedAt.set(name, [...(this.startedAt.get(name) ?? []), this.clock.elapsed()])
    this.seen.set(name, this.demanded.get(name) ?? 0)
    return new Promise(resolve => {
      this.running.set(name, resolve)
      if (this.running.size > concurrency) this.violations.push(`${this.running.size} workers`)
    })
  }
}

/** Five at once, then one a second: six never start within less than a second. */
function expectBraked(instants: readonly number[]): void {
  for (const [index, instant] of instants.entries()) {
    const sixth = instants[index + 5]
    if (sixth !== undefined) expect(sixth - instant).toBeGreaterThanOrEqual(1_000)
  }
}

const steps = fc.array(step, { maxLength: 60 })
const concurrency = fc.integer({ min: 1, max: 3 })

test('every demand is followed by a pass that starts after it, one worker per key, no pass without a demand', async () => {
  await fc.assert(
    fc.asyncProperty(steps, concurrency, async (sequence, workers) => {
      const model = new Model(workers)
      // `forget` takes a deadline back on purpose, so here nobody forgets.
      for (const next of sequence) if (next.kind !== 'forget') await model.apply(next)
      await model.drain()

      expect(Object.fromEntries(model.seen)).toEqual(Object.fromEntries(model.demanded))
      expect(model.violations).toEqual([])
      expect(model.starts).toBeLessThanOrEqual(model.demands)
      expect([model.queue.depth, model.queue.active, model.clock.timers()]).toEqual([0, 0, 0])
      for (const instants of model.startedAt.values()) expectBraked(instants)
    }),
  )
})

test('forgetting never loses a key that was added without a deadline', async () => {
  await fc.assert(
    fc.asyncProperty(steps, concurrency, async (sequence, workers) => {
      const model = new Model(workers)
      const withoutDeadline = sequence.filter(next => next.kind !== 'addAfter' && next.kind !== 'fail')
      for (const next of withoutDeadline) await model.apply(next)
      await model.drain()

      expect(Object.fromEntries(model.seen)).toEqual(Object.fromEntries(model.demanded))
    }),
  )
})
