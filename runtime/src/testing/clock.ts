// A clock that stands still until a test moves it — shell
import type { Clock } from '../clock.ts'

export interface ManualClock extends Clock {
  /** Moves time on. Every timer runs at its own instant, and what it started gets as far as it can without I/O. */
  advance(milliseconds: number): Promise<void>
  /** Lets everything run that needs no time; the same as `advance(0)`. */
  settle(): Promise<void>
  /** A step of the wall time alone, as an NTP correction does it. */
  shiftWallTime(milliseconds: number): void
  /** How many timers are armed. */
  timers(): number
}

interface Timer {
  readonly at: number
  readonly callback: () => void
}

/** Time is the only thing that tests of the runtime replace. */
export function manualClock(start: Date = new Date('2026-01-02T03:04:05Z')): ManualClock {
  const timers = new Set<Timer>()
  const soon: (() => void)[] = []
  let wall = start.getTime()
  let elapsed = 0

  const after = (milliseconds: number, callback: () => void): (() => void) => {
    const timer = { at: elapsed + Math.max(0, milliseconds), callback }
    timers.add(timer)
    return () => void timers.delete(timer)
  }

  // One turn of the real event loop drains every promise that is able to go on.
  const turn = (): Promise<void> => new Promise(resolve => void setImmediate(resolve))

  const settle = async (): Promise<void> => {
    await turn()
    for (let callback = soon.shift(); callback; callback = soon.shift()) {
      callback()
      await turn()
    }
  }

  const moveTo = (instant: number): void => {
    wall += instant - elapsed
    elapsed = instant
  }

  const nextDue = (end: number): Timer | undefined => {
    let first: Timer | undefined
    for (const timer of timers) if (timer.at <= end && (!first || timer.at < first.at)) first = timer
    return first
  }

  const advance = async (milliseconds: number): Promise<void> => {
    const end = elapsed + milliseconds
    await settle()
    for (let timer = nextDue(end); timer; timer = nextDue(end)) {
      timers.delete(timer)
      moveTo(timer.at)
      timer.callback()
      await settle()
    }
    moveTo(end)
  }

  return {
    now: () => new Date(wall),
    elapsed: () => elapsed,
    after,
    soon: callback => void soon.push(callback),
    advance,
    settle: () => advance(0),
    shiftWallTime: milliseconds => {
      wall += milliseconds
    },
    timers: () => timers.size,
  }
}
