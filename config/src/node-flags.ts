// How a manager's Node is started — core

/** What a manager's container may use, sized for 1,000 control planes (docs/adr/0003). */
export const memoryLimitMiB = 256

/** Of the limit; the cache and what arrives are outside of the heap (docs/adr/0036). */
const heapPercentage = 25

/** The old generation is kept small; a young one of 4 MiB sends it less, which saves CPU (docs/adr/0142). */
const generations = ['--optimize-for-size', '--max-semi-space-size=4']

/** In a container: the heap follows the memory limit, so a larger fleet takes a larger limit and nothing else. */
export const nodeFlags: readonly string[] = [...generations, `--max-old-space-size-percentage=${heapPercentage}`]

/** The same for a process without a container around it, where a percentage would be that of the machine. */
export function nodeFlagsWithin(limitMiB: number): readonly string[] {
  return [...generations, `--max-old-space-size=${Math.floor((limitMiB * heapPercentage) / 100)}`]
}

/**
 * Keys are made in a pool of threads; with an arena each, the allocator keeps 14 MiB that nobody uses. Without a threshold of
 * its own it gives less and less back of what it has had for large answers.
 */
export const nodeEnvironment = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '131072' } as const
