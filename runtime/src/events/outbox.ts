// Sends a few things at a time and keeps a bounded number waiting — shell
import type { Clock } from '../clock.ts'
import { limits } from '../limits.ts'
import { within } from '../wait.ts'

const maxWaiting = limits.eventsWaiting.value
const maxSending = 4

export interface Outbox<T> {
  /** False: too much waits already, or it is closed. */
  offer(task: T): boolean
  /** Takes nothing more; resolves when all that waits is sent, or after the limit. */
  readonly close: (limitMs: number) => Promise<void>
}

/** `send` never rejects. */
export function createOutbox<T>(clock: Clock, send: (task: T) => Promise<void>): Outbox<T> {
  const waiting: T[] = []
  const idle = Promise.withResolvers<void>()
  let sending = 0
  let closed = false

  const sendNext = async (): Promise<void> => {
    sending++
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) await send(task)
    sending--
    settle()
  }

  const settle = (): void => {
    if (closed && sending === 0) idle.resolve()
  }

  return {
    offer: task => {
      if (closed || waiting.length >= maxWaiting) return false
      waiting.push(task)
      if (sending < maxSending) void sendNext()
      return true
    },
    close: async limitMs => {
      closed = true
      settle()
      await within(clock, limitMs, { promise: idle.promise, late: undefined })
    },
  }
}
