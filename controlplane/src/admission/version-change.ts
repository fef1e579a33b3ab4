// Which version a control plane may get after the one that it runs — core
import { compareK0sVersions, type K0sVersion, parseK0sVersion } from '@k0smotron-ts/api'

/** The same fields in each kind of control plane. */
export interface Versioned {
  readonly spec?: { readonly version?: string }
  readonly status?: {
    readonly version?: string
    readonly versions?: readonly { readonly version: string }[]
    readonly initialization?: { readonly controlPlaneInitialized?: boolean }
  }
}

/**
 * Why the new version is refused. What counts is what runs, so a version that never ran can be taken back; where nothing
 * runs and nothing ever did, any version may follow.
 */
export function versionRefusal(before: Versioned, after: Versioned): string | undefined {
  const text = after.spec?.version ?? ''
  const next = parseK0sVersion(text)
  if (text === before.spec?.version || !next) return undefined
  const running = runningVersions(before)
  const [lowest] = running
  const highest = running.at(-1)
  if (!lowest || !highest) return undefined
  if (minors(next) > minors(lowest.version) + 1) {
    return `spec.version: ${text} is more than one minor version above ${lowest.text}, which runs: take one minor version at a time`
  }
  if (minors(next) < minors(highest.version)) {
    return `spec.version: ${text} is a minor version below ${highest.text}, which runs: Kubernetes has no way back to one`
  }
  return undefined
}

interface Running {
  readonly text: string
  readonly version: K0sVersion
}

/** Lowest first. While no pod tells: what the spec says, if the control plane was there before. */
function runningVersions({ spec, status = {} }: Versioned): readonly Running[] {
  const { versions = [], version, initialization } = status
  const reported = [...versions.map(one => one.version), ...(version ? [version] : [])]
  const wasThere = initialization?.controlPlaneInitialized === true
  const texts = reported.length === 0 && wasThere ? [spec?.version ?? ''] : reported
  const parsed = texts.flatMap(text => {
    const one = parseK0sVersion(text)
    return one ? [{ text, version: one }] : []
  })
  return parsed.toSorted((a, b) => compareK0sVersions(a.version, b.version))
}

/** There is no second major version, and nobody knows what would follow from one. */
const minors = ({ major, minor }: K0sVersion): number => major * 1_000 + minor
