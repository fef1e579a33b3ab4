// A manual clock that says when something begins to wait — shell
import { type ManualClock, manualClock } from './clock.ts'

export interface ArmedClock extends ManualClock {
  /** The delay of a timer that runs now, or of the next one that is armed; only of those that `matches` likes. */
  armed(matches?: (milliseconds: number) => boolean): Promise<number>
}

/** With real I/O beside it, a test may move time on only when the code under test has come to wait for it. */
export function armedClock(): ArmedClock {
  const clock = manualClock()
  const running = new Set<{ readonly milliseconds: number }>()
  const waiting = new Set<() => void>()
  return {
    ...clock,
    after: (milliseconds, callback) => {
      const timer = { milliseconds }
      running.add(timer)
      const cancel = clock.after(milliseconds, () => {
        running.delete(timer)
        callback()
      })
      for (const look of waiting) look()
      return () => {
        running.delete(timer)
        cancel()
      }
    },
    armed: (matches = () => true) =>
      new Promise(resolve => {
        const look = (): void => {
          const timer = [...running].find(({ milliseconds }) => matches(milliseconds))
          if (!timer) return
          waiting.delete(look)
          resolve(timer.milliseconds)
        }
        waiting.add(look)
        look()
      }),
  }
}
