// How long a manager that stops waits for its passes — shell
import type { Clock } from '../clock.ts'
import type { Leadership } from '../leader/leadership.ts'
import { within } from '../wait.ts'

/** What the waiting for running passes came to. */
export type Drained = { readonly kind: 'drained' | 'late' } | { readonly kind: 'lost'; readonly why: string }

export interface Draining {
  readonly clock: Clock
  readonly graceMs: number
  /** Resolves when the last pass is over. */
  readonly passes: Promise<unknown>
}

/** A lease that is lost ends the waiting: when another may lead, nothing of ours may work any more. */
export function drain({ clock, graceMs, passes }: Draining, leadership: Leadership | undefined): Promise<Drained> {
  const drained = passes.then((): Drained => ({ kind: 'drained' }))
  const lost = lossOf(leadership).then((why): Drained => ({ kind: 'lost', why }))
  const late: Drained = { kind: 'late' }
  return within(clock, graceMs, { promise: Promise.race([drained, lost]), late })
}

/** Who needs no lease never loses one. */
export function lossOf(leadership: Leadership | undefined): Promise<string> {
  return leadership?.lost ?? new Promise(() => undefined)
}
