// The machine's clock — shell
import type { Clock } from './clock.ts'

/** Node fires a timer at once when its delay does not fit 31 bits; a certificate's renewal is months away. */
export const maxTimerMs: number = 2 ** 31 - 1

function after(milliseconds: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout
  const arm = (left: number): void => {
    const step = Math.min(Math.max(0, left), maxTimerMs) // who took longer than planned comes with a time that is over
    timer = setTimeout(() => (left > step ? arm(left - step) : callback()), step)
  }
  arm(milliseconds)
  return () => clearTimeout(timer)
}

export const systemClock: Clock = {
  now: () => new Date(),
  elapsed: () => performance.now(),
  after,
  soon: callback => void setImmediate(callback),
}
