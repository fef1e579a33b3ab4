// Times by cron expressions, which tenants write: what is read of them, and what is not — core
import { limits } from '@k0smotron-ts/runtime'
import { Cron, CronPattern } from 'croner'

/** Has a last and a next time from every time. */
export type Schedule = Cron

const maxCharacters = limits.scheduleCharacters.value

/** Five fields of numbers and names; L, W and # are read by some programs only. */
const value = String.raw`(?:\d{1,2}|[A-Za-z]{3})`
const field = String.raw`(?:\*|${value}(?:-${value})?)(?:/\d{1,2})?`
const fields = new RegExp(String.raw`^(?:${field}(?:,${field})*\s+){4}${field}(?:,${field})*$`)

/** `fault`: why it is no schedule. `zone` is one that `timeZone` gave. */
export function readSchedule(
  text: string,
  zone = 'UTC',
): { readonly schedule: Schedule; readonly fault?: never } | { readonly fault: string } {
  const schedule = text.length > maxCharacters || !fields.test(text.trim()) ? undefined : cron(text.trim(), zone)
  if (!schedule) return { fault: 'no cron expression of five fields' }
  return mayCome(text.trim()) ? { schedule } : { fault: 'a time that never comes' }
}

/** By its one name; absent when there is none. Whoever remembers zones by name, as croner does, has as many as there are. */
export function timeZone(name: string): string | undefined {
  if (!/^[A-Za-z]/.test(name) || name.length > maxCharacters) return undefined
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}

/** The last time until now, in milliseconds; one of this very moment has come. */
export function lastTime(schedule: Schedule, now: Date): number {
  const [last] = schedule.previousRuns(1, new Date(now.getTime() + 1))
  return last?.getTime() ?? Number.NEGATIVE_INFINITY
}

/** The first time after now. */
export function nextTime(schedule: Schedule, now: Date): Date | undefined {
  return schedule.nextRun(now) ?? undefined
}

/** Starts nothing. Lists of hours count as times of the day, as one hour does: each comes once where clocks change. */
function cron(text: string, timezone: string): Cron | undefined {
  try {
    return new Cron(text, { mode: '5-part', timezone, paused: true, fixedTimeRule: 'no-wildcard' })
  } catch {
    return undefined
  }
}

const daysOfMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** 30 February does not, and the search for it goes over a thousand years. A day of the week comes in any month. */
function mayCome(text: string): boolean {
  const { day, month, starDOW } = new CronPattern(text, undefined, { mode: '5-part' })
  const first = day.indexOf(1) + 1
  return !starDOW || daysOfMonth.some((days, index) => month[index] === 1 && first <= days)
}
