// What a person sees while tools are built — shell

/** One line that lives on a terminal; started, finished and every half minute elsewhere. */
export interface Progress {
  say(line: string): void
  /** What is going on right now; the latest text is shown when it is due. */
  update(line: string): void
}

const plainInterval = 30_000
const terminalInterval = 200

/** Writes to standard error, so that standard output stays for results. */
export function terminalProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  let shown = Date.now()
  const clear = stream.isTTY ? '\r\u001b[K' : ''
  return {
    say(line) {
      shown = Date.now()
      stream.write(`${clear}${line}\n`)
    },
    update(line) {
      const now = Date.now()
      if (now - shown < (stream.isTTY ? terminalInterval : plainInterval)) return
      shown = now
      stream.write(stream.isTTY ? `${clear}${line.slice(0, stream.columns - 1)}` : `${line}\n`)
    },
  }
}

/** `83 s`, `2 min 05 s`. */
export function printSeconds(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  if (seconds < 100) return `${seconds} s`
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
}
