// Which version a control plane may get after the one that it runs — core
import { noK0sVersion, parseK0sVersion } from '@k0smotron-ts/api'
import { versionRefusal } from '../hosted/facts/version-rule.ts'

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
export function versionChangeRefusal(before: Versioned, after: Versioned): string | undefined {
  const text = after.spec?.version ?? ''
  if (text === before.spec?.version) return undefined
  const running = runningVersions(before)
  if (running.length > 0 && text !== '' && !parseK0sVersion(text.trim())) {
    return `spec.version: ${noK0sVersion(text)}`
  }
  return versionRefusal(text, running)
}

/** While no pod tells: what the spec says, if the control plane was there before. */
function runningVersions({ spec, status = {} }: Versioned): readonly string[] {
  const { versions = [], version, initialization } = status
  const reported = [...versions.map(one => one.version), ...(version ? [version] : [])]
  const wasThere = initialization?.controlPlaneInitialized === true
  return reported.length === 0 && wasThere ? [spec?.version ?? ''] : reported
}
