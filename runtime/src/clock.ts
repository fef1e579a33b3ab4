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

/** Resolves after that time, or as soon as the signal is aborted: the caller looks at the signal. */
export function pause(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve()
  return new Promise(resolve => {
    const end = (): void => {
      cancel()
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const cancel = clock.after(milliseconds, end)
    signal?.addEventListener('abort', end, { once: true })
  })
}

/** What the promise gives if it settles within that time, else `late`. A rejection that comes too late is nobody's any more. */
export function within<T, L>(
  clock: Clock,
  milliseconds: number,
  { promise, late }: { readonly promise: Promise<T>; readonly late: L },
): Promise<T | L> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(milliseconds, () => resolve(late))
    promise.then(resolve, reject).finally(cancel)
  })
}

/** RFC 3339 without fractions, the only form that metav1.Time takes. */
export function timeText(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`
}
