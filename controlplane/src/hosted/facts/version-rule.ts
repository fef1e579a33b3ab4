// Which version of k0s may follow on those that run — core
import { compareK0sVersions, controlPlaneCondition, type K0sVersion, parseK0sVersion } from '@k0smotron-ts/api'
import type { Wait } from '@k0smotron-ts/runtime'
import type { Observed } from '../observed.ts'
import { k0sVersionAnnotation, versionText } from './k0s-version.ts'
import { livingVersions, readyVersions } from './running-versions.ts'

/**
 * Why the version may not follow. One that still runs may always: so a version that does not start can be taken back.
 * `running`: as they are told; nothing is refused where none is known.
 */
export function versionRefusal(text: string, running: readonly string[]): string | undefined {
  const next = parseK0sVersion(text.trim())
  const known = running.flatMap(one => {
    const version = parseK0sVersion(one)
    return version ? [{ text: one, version }] : []
  })
  const sorted = known.toSorted((a, b) => compareK0sVersions(a.version, b.version))
  const [lowest, highest] = [sorted.at(0), sorted.at(-1)]
  if (!next || !lowest || !highest || known.some(({ version }) => compareK0sVersions(next, version) === 0)) {
    return undefined
  }
  if (minors(next) > minors(lowest.version) + 1) {
    return `spec.version: ${text} is more than one minor version above ${lowest.text}, which runs: take one minor version at a time`
  }
  if (compareK0sVersions(next, highest.version) < 0) {
    return `spec.version: ${text} is below ${highest.text}, which runs: its data may be of a form that an older version cannot read`
  }
  return undefined
}

/** There is no second major version, and nobody knows what would follow from one. */
const minors = ({ major, minor }: K0sVersion): number => major * 1_000 + minor

/** Where no webhook refused it. What is in the StatefulSet already is not taken out of it again. */
export function versionTrouble(observed: Observed, version: K0sVersion): Wait | undefined {
  const live = observed.k0sSet?.spec?.template?.metadata?.annotations?.[k0sVersionAnnotation]
  const applied = parseK0sVersion(live ?? '')
  if (applied && compareK0sVersions(applied, version) === 0) return undefined
  const message = versionRefusal(observed.spec.version ?? '', versionsThatRan(observed))
  return message === undefined ? undefined : { reason: controlPlaneCondition.componentsReason.versionRefused, message }
}

/** While no pod is ready, what was told last; where a move or a restore lost that, whatever lives. */
function versionsThatRan(observed: Observed): readonly string[] {
  const ready = readyVersions(observed)
  if (ready.length > 0) return ready.map(versionText)
  const { version } = observed.memory
  return version === undefined ? livingVersions(observed).map(versionText) : [version]
}
