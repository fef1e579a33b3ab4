// How much of a span of time was spent in requests, by the audit log — core
import { type AuditEntry, isEvent, isLease } from '@k0smotron-ts/hack/testenv'

/** Milliseconds since 1970, with their fraction. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Milliseconds of `within` during which at least one of the spans was going on. */
export function covered(spans: readonly Span[], within: Span): number {
  const inTurn = spans
    .map(({ from, to }) => ({ from: Math.max(from, within.from), to: Math.min(to, within.to) }))
    .filter(({ from, to }) => from < to)
    .toSorted((a, b) => a.from - b.from)
  let total = 0
  let end = within.from
  for (const { from, to } of inTurn) {
    total += Math.max(0, to - Math.max(from, end))
    end = Math.max(end, to)
  }
  return total
}

/** The requests of these user agents (their beginnings), Events, leases and all that only looks for changes aside. */
export function requestSpans(entries: readonly AuditEntry[], userAgents: readonly string[]): readonly Span[] {
  return entries
    .filter(({ userAgent }) => userAgents.some(start => userAgent.startsWith(start)))
    .filter(entry => !(looks.has(entry.verb) || isEvent(entry) || isLease(entry)))
    .map(({ receivedAt, answeredAt }) => ({ from: receivedAt, to: answeredAt }))
}

const looks = new Set(['list', 'watch'])
