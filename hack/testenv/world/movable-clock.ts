// Real time that a test may move on: nobody has to sleep to see that nothing happens — shell
import type { Clock } from '@k0smotron-ts/runtime'
import { systemClock } from '@k0smotron-ts/runtime/shell'

export interface MovableClock extends Clock {
  /** So much time is over at once; every timer that is due by then has run, each at its own instant. */
  move(milliseconds: number): Promise<void>
}

interface Timer {
  readonly due: number
  readonly run: () => void
}

export function movableClock(): MovableClock {
  const timers = new Set<Timer>()
  let moved = 0
  const elapsed = (): number => systemClock.elapsed() + moved
  return {
    elapsed,
    now: () => new Date(systemClock.now().getTime() + moved),
    soon: systemClock.soon,
    after(milliseconds, callback) {
      const timer: Timer = {
        due: elapsed() + milliseconds,
        run() {
          timers.delete(timer)
          cancel()
          callback()
        },
      }
      const cancel = systemClock.after(milliseconds, timer.run)
      timers.add(timer)
      return () => {
        timers.delete(timer)
        cancel()
      }
    },
    async move(milliseconds) {
      const end = elapsed() + milliseconds
      for (;;) {
        const [next] = [...timers].filter(({ due }) => due <= end).toSorted((one, other) => one.due - other.due)
        moved += Math.max(0, (next?.due ?? end) - elapsed())
        if (!next) return
        next.run()
        await new Promise(resolve => setImmediate(resolve))
      }
    },
  }
}
