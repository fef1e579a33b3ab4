// Which versions of k0s run — core
import {
  compareK0sVersions,
  controlPlaneCondition,
  type K0sVersion,
  parseK0sVersion,
  printK0sVersion,
  type Spelling,
  spellingOf,
} from '@k0smotron-ts/api'
import type { Pod, Wait } from '@k0smotron-ts/runtime'
import type { Observed } from '../observed.ts'
import { k0sVersionAnnotation } from './k0s-version.ts'
import { isReady } from './pods.ts'

/** A pod, or the template of one. */
type MadeFrom = Pick<Pod, 'metadata' | 'spec'>

/** A version and how many ready pods run it. */
export interface RunningVersion {
  readonly version: string
  readonly replicas: number
}

/** Of the ready pods, oldest first. */
export function readyVersions({ k0sPods }: Pick<Observed, 'k0sPods'>): K0sVersion[] {
  return versionsOf(k0sPods.filter(isReady))
}

/** Of all pods, ready or not, and of the template that they are made from: each may have run. Oldest first. */
export function livingVersions({ k0sPods, k0sSet }: Pick<Observed, 'k0sPods' | 'k0sSet'>): K0sVersion[] {
  const { metadata = {}, spec } = k0sSet?.spec?.template ?? {}
  return versionsOf([...k0sPods, { metadata, ...(spec && { spec }) }])
}

function versionsOf(pods: readonly MadeFrom[]): K0sVersion[] {
  return pods.flatMap(pod => versionOf(pod) ?? []).sort(compareK0sVersions)
}

/**
 * To be told: spelled like spec.version, since core compares the texts. Bare, a version is the first build of its release; of a
 * later one the build is told, as it has to be known when no pod runs.
 */
export function runningVersions(observed: Observed): RunningVersion[] {
  const spelling = spellingIn(observed)
  const counts = new Map<string, number>()
  for (const version of readyVersions(observed)) {
    const isFirst = (version.k0s ?? 0) === 0
    const text = printK0sVersion(version, spelling === 'bare' && !isFirst ? 'plus' : spelling)
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  return [...counts].map(([version, replicas]) => ({ version, replicas }))
}

/** A text that is no version spells nothing: what runs stays written as it was told last. */
function spellingIn({ memory, spec, version }: Observed): Spelling {
  const text = version ? spec.version : memory.version
  return text === undefined ? 'plus' : spellingOf(text)
}

/** From the annotation of our template; pods of k0smotron lack it, there the image tag tells. */
function versionOf({ metadata, spec }: MadeFrom): K0sVersion | undefined {
  const tag = spec?.containers?.[0]?.image?.split(':').at(-1) ?? ''
  return parseK0sVersion(metadata.annotations?.[k0sVersionAnnotation] ?? tag)
}

/** The image runs another Kubernetes than its tag promises; advisory, nothing stops for it. */
export function versionMismatch(observed: Observed): Wait | undefined {
  const wanted = observed.version
  // k0s builds report v1.36.3+k0s, without a number
  const [kubernetes = ''] = observed.workloadAPI?.version?.split('+') ?? []
  const running = parseK0sVersion(kubernetes)
  if (!wanted || !running || compareK0sVersions({ ...wanted, k0s: 0 }, { ...running, k0s: 0 }) === 0) return undefined
  const [asked, found] = [printK0sVersion(wanted, 'bare'), printK0sVersion(running, 'bare')]
  return {
    reason: controlPlaneCondition.componentsReason.versionMismatch,
    message: `spec.version asks for Kubernetes ${asked}, the image runs ${found}; correct spec.version or spec.image`,
  }
}
