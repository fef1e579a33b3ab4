// What a container that ended said last, fit for a condition — core

/** The kubelet keeps no more of a termination message. */
const maxMessageLength = 4096

/** Longer lines are cut: a condition is read in a terminal. */
const max = 300

/**
 * The last line of a termination message, without what differs each time and without credentials: k0s quotes the
 * addresses of datastores, and a condition is read by more people than a Secret.
 */
export function lastWords(message: string | undefined): string | undefined {
  const lines = (message ?? '')
    .slice(-maxMessageLength)
    .split(/[\r\n]+/)
    .map(line => printable(line).trim())
  const line = lines.findLast(text => text !== '')
  if (line === undefined) return undefined
  const text = withoutCredentials(withoutTime(line))
  return text.length > max ? `${text.slice(0, max)}…` : text
}

function printable(line: string): string {
  return line.replaceAll(/\p{Cc}(?:\[[0-9;]*m)?/gu, ' ')
}

/** In front of lines of k0s (`time="…" level=…`), of etcd (`{"level":…,"ts":"…"`) and of klog (`F0102 03:04:05.678 1 file:1]`). */
function withoutTime(line: string): string {
  return line
    .replace(/^time="[^"]*"\s*/, '')
    .replace(/"ts":"[^"]*",?/, '')
    .replace(/^[IWEF]\d{4} [\d:.]+\s+\d+ \S+\] /, '')
}

const secret = '(hidden)'

function withoutCredentials(line: string): string {
  return line
    .replaceAll(/([\w.%+-]+):[^\s@/"']+@/g, `$1:${secret}@`)
    .replaceAll(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, secret)
    .replaceAll(/\b(password|passwd|secret|token)(["']?\s*[=:]\s*["']?)[^\s"'&,]+/gi, `$1$2${secret}`)
}
