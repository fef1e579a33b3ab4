// A duration as Go writes it: 30m, 24h, 1h30m, 0s — core
import type { Rule } from '../schema/fields.ts'

const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
}

const shape = /^(0|([0-9]{1,9}([.][0-9]{1,9})?(ns|us|µs|ms|s|m|h))+)$/

/** A hundred years: what is longer is meant as something else, and no date has room for it. */
const maxMs = 876_000 * 3_600_000

/** In milliseconds; `undefined` for what is none, is negative, or longer than a hundred years. */
export function parseDuration(text: string): number | undefined {
  if (!shape.test(text)) return undefined
  const parts = [...text.matchAll(/([0-9.]+)(ns|us|µs|ms|s|m|h)/g)]
  const total = parts.reduce((sum, [, number, unit = '']) => sum + Number(number) * (units[unit] ?? 0), 0)
  return total <= maxMs ? total : undefined
}

/** What RE2 can say of it; that it is not too long is said by a condition. */
export const durationRule: Rule = {
  rule: `self.matches('${shape.source}')`,
  message: 'must be a duration such as 30m, 24h or 1h30m; 0s never ends',
}
