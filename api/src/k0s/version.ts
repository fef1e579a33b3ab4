// k0s versions: one value type, used in every comparison — core

/** A Kubernetes version and, when given, the number N of `k0s.N`. */
export interface K0sVersion {
  readonly major: number
  readonly minor: number
  readonly patch: number
  /** `alpha.1`, `rc.0` …; absent for a release. */
  readonly prerelease?: string
  /** N of `+k0s.N` or `-k0s.N`; absent when the text has no suffix. */
  readonly k0s?: number
}

/** How a version is spelled: what users compare their spec with must look like their spec. */
export type Spelling = 'plus' | 'dash' | 'bare'

const shape = /^v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-((?!k0s\.)[0-9A-Za-z.-]+?))?(?:([+-])k0s\.(\d{1,9}))?$/

/** Reads `v1.36.3+k0s.1`, `v1.36.3-k0s.1`, `1.36.3`, `v1.37.0-rc.0+k0s.0`; anything else is `undefined`. */
export function parseK0sVersion(text: string): K0sVersion | undefined {
  const match = shape.exec(text)
  if (!match) return undefined
  const [, major, minor, patch, prerelease, , k0s] = match
  return {
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch),
    ...(prerelease !== undefined && { prerelease }),
    ...(k0s !== undefined && { k0s: Number(k0s) }),
  }
}

/** What is wrong with a text that is none. */
export function noK0sVersion(text: string): string {
  return `${JSON.stringify(text)} is no k0s version such as v1.36.3+k0s.1`
}

export function spellingOf(text: string): Spelling {
  if (text.includes('+k0s.')) return 'plus'
  return text.includes('-k0s.') ? 'dash' : 'bare'
}

/** In the spelling asked for; `bare` leaves the suffix out, the others write a missing one as `k0s.0`. */
export function printK0sVersion(version: K0sVersion, spelling: Spelling): string {
  const { major, minor, patch, prerelease, k0s = 0 } = version
  const kubernetes = `v${major}.${minor}.${patch}${prerelease === undefined ? '' : `-${prerelease}`}`
  if (spelling === 'bare') return kubernetes
  return `${kubernetes}${spelling === 'plus' ? '+' : '-'}k0s.${k0s}`
}

/** As an image tag, which cannot hold a plus sign. */
export function imageTagOf(version: K0sVersion): string {
  return printK0sVersion(version, 'dash')
}

/** Negative, 0 or positive. A missing suffix counts as `k0s.0`; a prerelease comes before its release. */
export function compareK0sVersions(a: K0sVersion, b: K0sVersion): number {
  return (
    a.major - b.major ||
    a.minor - b.minor ||
    a.patch - b.patch ||
    comparePrereleases(a.prerelease, b.prerelease) ||
    (a.k0s ?? 0) - (b.k0s ?? 0)
  )
}

export function isAtLeast(version: K0sVersion, minimum: string): boolean {
  const parsed = parseK0sVersion(minimum)
  if (!parsed) throw new TypeError(`Not a k0s version: ${minimum}`)
  return compareK0sVersions(version, parsed) >= 0
}

/** Semantic Versioning 2.0.0, section 11: identifier by identifier, numbers below words, fewer below more. */
function comparePrereleases(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0
  if (a === undefined) return 1
  if (b === undefined) return -1
  const left = a.split('.')
  const right = b.split('.')
  const differing = left.findIndex((identifier, index) => identifier !== right[index])
  if (differing < 0) return left.length - right.length
  return compareIdentifiers(left[differing] ?? '', right[differing])
}

function compareIdentifiers(a: string, b: string | undefined): number {
  if (b === undefined) return 1
  const numbers = [a, b].map(text => (/^\d+$/.test(text) ? Number(text) : Number.NaN)) as [number, number]
  if (numbers.every(Number.isFinite)) return numbers[0] - numbers[1]
  if (numbers.some(Number.isFinite)) return Number.isFinite(numbers[0]) ? -1 : 1
  return a < b ? -1 : 1
}
