// Waiting by the clock of the runtime — shell
import type { Clock } from './clock.ts'

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
