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

const minutesOfDay = 24 * 60

/** In minutes, between a time of one and another one of the other. */
export const minDistance: number = limits.scheduleMilliseconds.value / 60_000

/**
 * Whether a time of day of one is closer than that to another one of the other, as if both came every day, on
 * which clocks never change. The same time is not: what comes at once is one change.
 */
export function areClose(one: Schedule, other: Schedule): boolean {
  const others = new Set(timesOfDay(other))
  const distances = Array.from({ length: minDistance - 1 }, (_, index) => index + 1)
  const isThere = (minute: number) => others.has((minute + minutesOfDay) % minutesOfDay)
  return timesOfDay(one).some(time => distances.some(minutes => isThere(time - minutes) || isThere(time + minutes)))
}

/** In minutes since midnight. */
function timesOfDay(schedule: Schedule): readonly number[] {
  const { hour, minute } = patternOf(schedule.getPattern() ?? '')
  return Array.from({ length: minutesOfDay }, (_, time) => time).filter(
    time => hour[Math.floor(time / 60)] === 1 && minute[time % 60] === 1,
  )
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
  const { day, month, starDOW } = patternOf(text)
  const first = day.indexOf(1) + 1
  return !starDOW || daysOfMonth.some((days, index) => month[index] === 1 && first <= days)
}

function patternOf(text: string): CronPattern {
  return new CronPattern(text, undefined, { mode: '5-part' })
}
