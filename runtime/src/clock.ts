// Time as the runtime sees it, so that tests can own it — core

export interface Clock {
  /** Wall time: for what is written down, never for measuring. */
  now(): Date
  /** Milliseconds that only ever grow; a changed wall time does not move them. */
  elapsed(): number
  /** Calls back once, not before so many milliseconds, however many those are. Returns how to call it off. */
  after(milliseconds: number, callback: () => void): () => void
  /** Calls back in the next turn of the event loop, so that I/O (a lease renewal, a probe) gets its turn in between. */
  soon(callback: () => void): void
}

/** RFC 3339 without fractions, the only form that metav1.Time takes. */
export function timeText(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`
}
