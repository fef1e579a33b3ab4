// What containers, the scheduler and the API server say of pods, fit for a condition — core
import { limits } from '@k0smotron-ts/runtime'

/** The kubelet keeps no more of a termination message. */
const maxMessageLength = 4096

/** Longer lines are cut: a condition is read in a terminal. */
const max = limits.lastWordsCharacters.value

/**
 * The last line of a termination message, without what differs each time and without credentials: k0s quotes the
 * addresses of datastores, and a condition is read by more people than a Secret. `hidden`: texts known to be such.
 */
export function lastWords(message: string | undefined, hidden: readonly string[] = []): string | undefined {
  const line = linesOf(message, hidden).findLast(text => text !== '')
  return line === undefined ? undefined : fit(withoutTime(line))
}

/** As kine writes one, coloured whoever reads it: `ERRO[time] …`; k0s may pass it on with the colours spelled out. */
const error = /(?:ERRO|FATA)(?: |\\x1b\[0m)\[[^\]]*\] +(.*)/

/**
 * The last error among them that k0s passed on of one of its components, with `lastWords`' rules: k0s itself says only that it
 * waited for that one in vain.
 */
export function lastErrorOf(
  component: string,
  message: string | undefined,
  hidden: readonly string[] = [],
): string | undefined {
  const lines = linesOf(message, hidden).filter(line => line.includes(`component=${component}`))
  const last = lines.flatMap(line => error.exec(line)?.[1] ?? []).at(-1)
  return last === undefined ? undefined : fit(last)
}

function linesOf(message: string | undefined, hidden: readonly string[]): readonly string[] {
  return without(hidden, message ?? '')
    .slice(-maxMessageLength)
    .split(/[\r\n]+/)
    .map(line => printable(line).trim())
}

function fit(line: string): string {
  const text = withoutCredentials(line)
  return text.length > max ? `${text.slice(0, max)}…` : text
}

/**
 * Whether a program that ended had no inotify instance left: Linux then says the same as when it has too many files open,
 * and who reads that looks at the wrong limit.
 */
export function lacksInotify(message: string | undefined): boolean {
  const words = (message ?? '').slice(-maxMessageLength)
  return /(?:inotify|watcher)[^\r\n]*too many open files|too many open files[^\r\n]*(?:inotify|watcher)/i.test(words)
}

/**
 * What the API server or the scheduler says of a pod, without numbers that follow what others run: how much of a quota is
 * used, how many nodes there are. The order of the causes follows these numbers, too.
 */
export function steadyWords(message: string): string {
  const [, nodes] = /^0\/\d+ nodes are available: (.*?)\.?(?: preemption: .*)?$/s.exec(message) ?? []
  if (nodes === undefined) return message.replace(/, used: .*$/s, '')
  const causes = nodes.split(/, (?=\d+ )/).map(cause => cause.replace(/^\d+ /, ''))
  return `no node is available: ${causes.toSorted().join(', ')}`
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

/** The longest first: one may be a part of another. */
function without(hidden: readonly string[], message: string): string {
  const texts = hidden.toSorted((a, b) => b.length - a.length)
  return texts.reduce((rest, text) => rest.replaceAll(text, secret), message)
}

/** A password may hold every character but white space; so all up to the last `@` of a word is one. */
const userInfo = /([\w.%+-]+):(?!\/\/)\S+@/g
const namedSecret =
  /\b([\w-]*(?:passw(?:or)?d|pwd|secret|token|credentials?)|[\w-]+key)(["']?\s*[=:]\s*)(?:"[^"]*"?|'[^']*'?|[^\s"'&,]+)/gi

function withoutCredentials(line: string): string {
  return line
    .replaceAll(userInfo, `$1:${secret}@`)
    .replaceAll(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, secret)
    .replaceAll(/\b(authorization["']?\s*[=:]\s*)\S.*/gi, `$1${secret}`)
    .replaceAll(/\b(bearer\s+)[\w.~+/=-]{8,}/gi, `$1${secret}`)
    .replaceAll(namedSecret, `$1$2${secret}`)
}
