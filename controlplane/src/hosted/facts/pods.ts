// Why pods do not get ready, in their own words — core
import { controlPlaneCondition, type KubeObject } from '@k0smotron-ts/api'
import { type Event, isOfQuota, type Pod, type StatefulSet, type Wait } from '@k0smotron-ts/runtime'
import type { Observed } from '../observed.ts'
import { lacksInotify, lastErrorOf, lastWords, steadyWords } from './last-words.ts'

const { componentsReason } = controlPlaneCondition

export function isReady({ status, metadata }: Pod): boolean {
  return !metadata.deletionTimestamp && hasTrue(status?.conditions, 'Ready')
}

function hasTrue(conditions: NonNullable<Pod['status']>['conditions'], type: string): boolean {
  return conditions?.some(condition => condition.type === type && condition.status === 'True') ?? false
}

/** Kubernetes writes on each pod which revision of the template it was made from. */
const revisionLabel = 'controller-revision-hash'

/** Whether the pod is made from the newest template; the first pod may be there before its set says what is newest. */
export function isUpToDate(observed: Observed, pod: Pod): boolean {
  const newest = observed.k0sSet?.status?.updateRevision
  return newest === undefined || revisionOf(pod) === newest
}

export function revisionOf({ metadata }: Pod): string | undefined {
  return metadata.labels?.[revisionLabel]
}

/**
 * Its place in the StatefulSet; `undefined` for a pod of somebody else with the same labels, such as a copy to debug.
 * By the name, which Kubernetes ends with the ordinal.
 */
export function ordinalIn(set: string, { metadata: { name = '' } }: KubeObject): number | undefined {
  const end = name.slice(`${set}-`.length)
  return name.startsWith(`${set}-`) && /^\d+$/.test(end) ? Number(end) : undefined
}

/** What keeps the pods of a StatefulSet from being ready; `undefined` while nothing is wrong but time. */
export function podTrouble(observed: Observed, set: StatefulSet | undefined, pods: readonly Pod[]): Wait | undefined {
  if (pods.length === 0) return refusal(observed.refusedPods, set)
  for (const pod of pods) {
    const isGoing = pod.metadata.deletionTimestamp !== undefined
    const trouble = isGoing || isReady(pod) ? undefined : (unschedulable(pod) ?? failing(observed, pod))
    if (trouble) return { reason: reasonOfTrouble(trouble), message: `Pod ${pod.metadata.name}: ${trouble}` }
  }
  return undefined
}

/** The scheduler says so of each first pod, until the volume is made; and for ever where nobody makes it. */
function reasonOfTrouble(trouble: string): string {
  const isForVolume = trouble.includes('unbound immediate PersistentVolumeClaims')
  return isForVolume ? componentsReason.waitingForVolume : componentsReason.podsFailing
}

/** The API server refused the pod: only an Event of the StatefulSet says so. The latest one counts: causes change. */
function refusal(refused: readonly Event[], set: StatefulSet | undefined): Wait | undefined {
  const { name, uid } = set?.metadata ?? {}
  const events = refused.filter(({ involvedObject }) => uid !== undefined && involvedObject?.uid === uid)
  const event = events.toSorted(latestFirst)[0]
  return (
    event && {
      reason: reasonOfRefusal(event),
      message: `no pod for StatefulSet ${name}: ${steadyWords(event.message ?? '')}`,
    }
  )
}

function latestFirst(a: Event, b: Event): number {
  return (b.lastTimestamp ?? b.eventTime ?? '').localeCompare(a.lastTimestamp ?? a.eventTime ?? '')
}

function reasonOfRefusal({ message = '' }: Event): string {
  if (message.includes('PodSecurity')) return componentsReason.podSecurityRefused
  return isOfQuota(message) ? componentsReason.quotaExceeded : componentsReason.podsFailing
}

function unschedulable({ status }: Pod): string | undefined {
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled')
  return scheduled?.status === 'False' ? steadyWords(scheduled.message ?? 'cannot be scheduled') : undefined
}

type ContainerStatus = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number]

function failing(observed: Observed, pod: Pod): string | undefined {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {}
  for (const container of [...initContainerStatuses, ...containerStatuses]) {
    const trouble = crash(observed, pod, container) ?? waitingReason(container)
    if (trouble) return `container ${container.name} ${trouble}`
  }
  return undefined
}

/** In the same words while it waits for the next try and while it tries: from a crash until it has been ready. */
function crash(observed: Observed, pod: Pod, { name, ready, state, lastState }: ContainerStatus): string | undefined {
  const ended = state?.terminated ?? lastState?.terminated
  // `Unknown`: the node was restarted
  if (ready || !ended || ended.exitCode === 0 || ended.reason === 'Unknown') return undefined
  if (state?.running && hasBeenReadySince(pod, state.running.startedAt)) return undefined
  const why = ended.reason && ended.reason !== 'Error' ? ` (${ended.reason})` : ''
  const words = wordsOf(observed, pod, name, ended.message)
  const hint = lacksInotify(ended.message) ? '; raise fs.inotify.max_user_instances on its node' : ''
  return `ended with exit code ${ended.exitCode}${why}${words === undefined ? '' : `: ${words}`}${hint}`
}

/** Without what is secret; where that cannot be told from the rest, only where they are. */
function wordsOf(observed: Observed, { metadata }: Pod, container: string, message?: string): string | undefined {
  const { unspoken: unspokenOf, component } = observed.datastore
  const unspoken = unspokenOf?.(observed)
  const log = `kubectl logs -n ${metadata.namespace} ${metadata.name} -c ${container} --previous`
  const last = lastWords(message, unspoken?.texts)
  if (last === undefined) return undefined
  const words = component ? withCause(last, component, lastErrorOf(component, message, unspoken?.texts), log) : last
  if (!unspoken?.isIn(words)) return words
  return `its last words hold a part of the data source, so they are not shown; read them with ${log}`
}

/** k0s says only that it waited for that component; when it is told to end, kine may fill all that is kept of the log. */
function withCause(last: string, component: string, cause: string | undefined, log: string): string {
  if (cause !== undefined) return last.includes(cause) ? last : `${last}; ${component} said: ${cause}`
  return last.includes(component) ? `${last}; what ${component} said is in ${log}` : last
}

/** Not ready since a moment after the start: it was ready in between. */
function hasBeenReadySince({ status }: Pod, startedAt: string | undefined): boolean {
  const changed = status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime
  return changed !== undefined && startedAt !== undefined && new Date(changed) > new Date(startedAt)
}

/** Creating a container is no trouble. The two reasons of a missing image take turns; they are one. */
function waitingReason({ state }: ContainerStatus): string | undefined {
  const reason = state?.waiting?.reason
  if (!reason || reason === 'ContainerCreating' || reason === 'PodInitializing') return undefined
  return `is in ${reason === 'ErrImagePull' ? 'ImagePullBackOff' : reason}`
}
