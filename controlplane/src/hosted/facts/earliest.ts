// Which of several times comes first — core

/** `undefined`: there is none. */
export function earliest(times: readonly Date[]): Date | undefined {
  return times.length === 0 ? undefined : new Date(Math.min(...times.map(time => time.getTime())))
}
