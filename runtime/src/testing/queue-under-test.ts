// A work queue on a clock that stands still — shell
import { type QueueObserver, WorkQueue } from '../queue/work-queue.ts'
import { type ManualClock, manualClock } from './clock.ts'

interface QueueUnderTest {
  readonly queue: WorkQueue
  readonly clock: ManualClock
  /** The keys whose passes began, in their order. */
  readonly started: readonly string[]
  /** Ends the pass of the key. */
  readonly finish: (key: string) => Promise<void>
}

interface QueueSetup {
  readonly concurrency?: number
  readonly observer?: QueueObserver
}

/** A queue whose passes end when the test says so. */
export function queueUnderTest({ concurrency = 1, observer }: QueueSetup = {}): QueueUnderTest {
  const clock = manualClock()
  const started: string[] = []
  const ends = new Map<string, () => void>()
  const queue = new WorkQueue({
    concurrency,
    clock,
    random: () => 0,
    ...(observer && { observer }),
    work: key => {
      started.push(key)
      return new Promise(resolve => void ends.set(key, resolve))
    },
  })
  const finish = async (key: string): Promise<void> => {
    ends.get(key)?.()
    await clock.settle()
  }
  return { queue, clock, started, finish }
}
