// How long a key waits that did not get on — core

const firstFailureMs = 5
const firstOverdueMs = 500
/** There is no resync: what nothing watches announces (a quota, a role, a webhook) is found to be mended by trying. */
const maxMs = 120_000
const jitter = 0.2

/**
 * 5 ms after the first failure, doubled by each further one, as controller-runtime does it, but up to two minutes only;
 * up to a fifth less by chance, so that keys that failed together do not come back together. Not before the server
 * wants to be asked again, unless that is hours away: up to a fifth later by chance, for the same reason.
 */
export function backoffMs(earlierFailures: number, random: number, atLeastMs = 0): number {
  return Math.max(grown(firstFailureMs, earlierFailures) * (1 - jitter * random), askedForMs(atLeastMs, random))
}

/** What a server may ask for: during this time not even a change brings the key back. */
export function askedForMs(atLeastMs: number, random: number): number {
  return Math.min(atLeastMs, maxMs) * (1 + jitter * random)
}

/** A deadline that is over, and still stands after its pass: it is looked at again, but not in a loop. */
export function overdueMs(earlierTimes: number, random: number): number {
  return grown(firstOverdueMs, earlierTimes) * (1 - jitter * random)
}

function grown(firstMs: number, times: number): number {
  return Math.min(firstMs * 2 ** times, maxMs)
}
