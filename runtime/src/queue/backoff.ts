// How long a failed key waits — core

const firstMs = 5
const longestMs = 1_000_000
const jitter = 0.2

/**
 * 5 ms after the first failure, doubled by each further one up to 1000 s, as controller-runtime does it;
 * up to a fifth less by chance, so that keys that failed together do not come back together.
 */
export function backoffMs(earlierFailures: number, random: number): number {
  const delay = Math.min(firstMs * 2 ** earlierFailures, longestMs)
  return delay * (1 - jitter * random)
}
