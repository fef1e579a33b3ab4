// How a manager's Node is started — core

/** Sized for the memory budget of 1,000 control planes (docs/adr/0003). */
export const nodeFlags: readonly string[] = ['--max-semi-space-size=1', '--max-old-space-size=64']

/** Keys are made in a pool of threads; with an arena each, the allocator keeps 14 MiB that nobody uses. */
export const nodeEnvironment = { MALLOC_ARENA_MAX: '1' } as const
