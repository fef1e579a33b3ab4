// Nothing here waits for ever: a bench that hangs measures nothing — shell

/** Throws when the work takes longer; `what` is asked only then, and tells how far it came. */
export async function within<T>(seconds: number, what: () => string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${seconds} s were not enough: ${what()}`)), seconds * 1000)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
