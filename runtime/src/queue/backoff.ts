// How long a failed key waits — core

const firstMs = 5
/** There is no resync: what nothing watches announces (a quota, a role, a webhook) is found to be mended by trying. */
const longestMs = 120_000
const jitter = 0.2

/**
 * 5 ms after the first failure, doubled by each further one, as controller-runtime does it, but up to two minutes only;
 * up to a fifth less by chance, so that keys that failed together do not come back together.
 */
export function backoffMs(earlierFailures: number, random: number): number {
  const delay = Math.min(firstMs * 2 ** earlierFailures, longestMs)
  return delay * (1 - jitter * random)
}
