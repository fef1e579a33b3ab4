// How much of a build is done, and how long the rest will take — core

/** A part of the work: its weight beside the others, and the packages that Go compiles for it. */
export interface Portion {
  readonly weight: number
  readonly packages: number
}

export interface Pace {
  /** Of all portions, in the order of the work. */
  readonly portions: readonly Portion[]
  /** The portion that is worked on. */
  readonly index: number
  /** Packages of that portion that are compiled. */
  readonly compiled: number
  /** Since the first portion was begun. */
  readonly elapsedMs: number
}

/** Linking comes after the last package, and nobody hears of it. */
const shareOfPackages = 0.95
/** Of all work; before, the pace of a few packages would say anything. */
const leastShare = 0.02

/** `40 %`, of the portion that is worked on. */
export function percentOf({ portions, index, compiled }: Pace): number {
  return Math.floor(fractionOf(portions[index], compiled) * 100)
}

/** What is left of all portions at the pace so far; `undefined` while that says nothing. */
export function leftMs({ portions, index, compiled, elapsedMs }: Pace): number | undefined {
  const total = sum(portions)
  const current = portions[index]
  const done = sum(portions.slice(0, index)) + (current?.weight ?? 0) * fractionOf(current, compiled)
  if (done <= total * leastShare) return undefined
  return (elapsedMs / done) * (total - done)
}

const sum = (portions: readonly Portion[]): number => portions.reduce((total, { weight }) => total + weight, 0)

/** More packages than foreseen, as with another Go, do not end the work. */
function fractionOf(portion: Portion | undefined, compiled: number): number {
  if (!portion || portion.packages === 0) return 0
  return shareOfPackages * Math.min(1, compiled / portion.packages)
}

/** `[2/6] kubernetes v1.36.3: 40 %, about 6 min left`; for the rest, minutes up, and seconds by ten below two of them. */
export function printPace(title: string, pace: Pace): string {
  const left = leftMs(pace)
  const seconds = left === undefined ? undefined : Math.max(10, Math.ceil(left / 10_000) * 10)
  const rest = seconds === undefined || seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`
  return `${title}: ${percentOf(pace)} %${seconds === undefined ? '' : `, about ${rest} left`}`
}
