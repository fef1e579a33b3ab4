// The hours in which a control plane hibernates by itself, from its annotations and the time alone — core
import { hibernateAnnotation, hibernationTimeZoneAnnotation, type ObjectMeta, wakeAnnotation } from '@k0smotron-ts/api'
import { areClose, lastTime, minDistance, nextTime, readSchedule, type Schedule, timeZone } from './schedule.ts'

/** As they are. */
export interface SleepAnnotations {
  readonly hibernate?: string
  readonly wake?: string
  readonly zone?: string
}

/** `faults`: annotations that cannot be read as they are, each with why; then nothing follows from any of them. */
export type Scheduled =
  | { readonly faults: readonly string[] }
  | { readonly faults?: never; readonly isAsleep: boolean; readonly changesAt: Date }

/** `undefined`: there is none. */
export function sleepIn({ annotations = {} }: ObjectMeta): SleepAnnotations | undefined {
  const {
    [hibernateAnnotation]: hibernate,
    [wakeAnnotation]: wake,
    [hibernationTimeZoneAnnotation]: zone,
  } = annotations
  if (hibernate === undefined && wake === undefined && zone === undefined) return undefined
  return {
    ...(hibernate !== undefined && { hibernate }),
    ...(wake !== undefined && { wake }),
    ...(zone !== undefined && { zone }),
  }
}

/** By what came last, so it does not matter who ran when it came. Of both in one moment waking counts. */
export function scheduledAt(annotations: SleepAnnotations, now: Date): Scheduled {
  const { faults, hibernate, wake } = read(annotations)
  if (faults.length > 0 || !hibernate || !wake) return { faults }
  const isAsleep = lastTime(hibernate, now) > lastTime(wake, now)
  const changesAt = nextTime(isAsleep ? wake : hibernate, now)
  if (changesAt) return { isAsleep, changesAt }
  const why = 'a time that does not come any more'
  const { hibernate: text, wake: wakeText } = annotations
  return { faults: [isAsleep ? faultIn(wakeAnnotation, wakeText, why) : faultIn(hibernateAnnotation, text, why)] }
}

/** Each names the annotation and its value, and what to write. */
export function sleepFaults(annotations: SleepAnnotations): readonly string[] {
  return read(annotations).faults
}

/** What may be written. */
const examples = { [hibernateAnnotation]: '0 20 * * 1-5', [wakeAnnotation]: '0 7 * * 1-5' } as const

interface Read {
  readonly faults: readonly string[]
  readonly hibernate?: Schedule | undefined
  readonly wake?: Schedule | undefined
}

function read({ hibernate, wake, zone = 'UTC' }: SleepAnnotations): Read {
  const known = timeZone(zone)
  const asleep = readOne(hibernateAnnotation, hibernate, known)
  const awake = readOne(wakeAnnotation, wake, known)
  const why = 'no time zone; write one such as Europe/Berlin'
  const ofZone = known === undefined ? [said(hibernationTimeZoneAnnotation, zone, why)] : []
  const isClose = asleep.schedule && awake.schedule && areClose(asleep.schedule, awake.schedule)
  const ofBoth = isClose ? [said(hibernateAnnotation, hibernate, tooClose)] : []
  const faults = [...ofZone, asleep.fault ?? [], awake.fault ?? [], ...ofBoth].flat()
  return { faults, hibernate: asleep.schedule, wake: awake.schedule }
}

const tooClose = `a time of day less than ${minDistance} minutes from one of ${wakeAnnotation}; write both further apart as in ${examples[hibernateAnnotation]} and ${examples[wakeAnnotation]}`

function faultIn(annotation: keyof typeof examples, text: string | undefined, why: string): string {
  return said(annotation, text, `${why}; write when, as in ${examples[annotation]}`)
}

function readOne(
  annotation: keyof typeof examples,
  text: string | undefined,
  zone: string | undefined,
): { readonly fault?: string; readonly schedule?: Schedule } {
  if (text === undefined) {
    return { fault: faultIn(annotation, text, 'missing: the others mean nothing without it') }
  }
  const { fault, ...found } = readSchedule(text, zone)
  return fault === undefined ? found : { fault: faultIn(annotation, text, fault) }
}

/** A condition is read in a terminal. */
const maxShown = 64

function said(annotation: string, value: string | undefined, why: string): string {
  const shown = value === undefined ? '' : `${JSON.stringify(value.slice(0, maxShown))}: `
  return `metadata.annotations[${annotation}] (${shown}${why})`
}
