// How much of a span of time was spent in requests, by the audit log — core

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

interface TimedLine {
  readonly verb: string
  readonly userAgent?: string
  readonly objectRef?: { readonly resource?: string }
  readonly requestReceivedTimestamp: string
  readonly stageTimestamp: string
}

/** The requests of these user agents (their beginnings), Events, leases and all that only looks for changes aside. */
export function requestSpans(auditLog: string, userAgents: readonly string[]): readonly Span[] {
  return auditLog
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as TimedLine)
    .filter(({ userAgent = '' }) => userAgents.some(start => userAgent.startsWith(start)))
    .filter(({ verb, objectRef }) => !(idle.has(verb) || besides.has(objectRef?.resource ?? '')))
    .map(line => ({ from: millisecondsOf(line.requestReceivedTimestamp), to: millisecondsOf(line.stageTimestamp) }))
}

const idle = new Set(['list', 'watch'])
const besides = new Set(['events', 'leases'])

/** Of `2026-05-01T12:00:00.123456Z`; a Date would drop what is less than a millisecond. */
function millisecondsOf(timestamp: string): number {
  const [whole = '', fraction = '0'] = timestamp.replace('Z', '').split('.')
  return Date.parse(`${whole}Z`) + Number(`0.${fraction}`) * 1000
}
