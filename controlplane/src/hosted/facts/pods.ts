// Why pods do not get ready, in their own words — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import type { Event, Pod, StatefulSet, Wait } from '@k0smotron-ts/runtime'
import type { Observed } from '../observed.ts'

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
  return newest === undefined || pod.metadata.labels?.[revisionLabel] === newest
}

/** What keeps the pods of a StatefulSet from being ready; `undefined` while nothing is wrong but time. */
export function podTrouble(
  { refusedPods }: Observed,
  set: StatefulSet | undefined,
  pods: readonly Pod[],
): Wait | undefined {
  if (pods.length === 0) return refusal(refusedPods, set)
  for (const pod of pods) {
    const trouble = isReady(pod) ? undefined : (unschedulable(pod) ?? failing(pod))
    if (trouble) return { reason: componentsReason.podsFailing, message: `Pod ${pod.metadata.name}: ${trouble}` }
  }
  return undefined
}

/** The API server refused the pod: only an Event of the StatefulSet says so. The latest one counts: causes change. */
function refusal(refused: readonly Event[], set: StatefulSet | undefined): Wait | undefined {
  const { name, uid } = set?.metadata ?? {}
  const events = refused.filter(({ involvedObject }) => uid !== undefined && involvedObject?.uid === uid)
  const event = events.toSorted(latestFirst)[0]
  return event && { reason: reasonOfRefusal(event), message: `no pod for StatefulSet ${name}: ${event.message}` }
}

function latestFirst(a: Event, b: Event): number {
  return (b.lastTimestamp ?? b.eventTime ?? '').localeCompare(a.lastTimestamp ?? a.eventTime ?? '')
}

function reasonOfRefusal({ message = '' }: Event): string {
  if (message.includes('PodSecurity')) return componentsReason.podSecurityRefused
  return message.includes('exceeded quota') ? componentsReason.quotaExceeded : componentsReason.podsFailing
}

function unschedulable({ status }: Pod): string | undefined {
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled')
  return scheduled?.status === 'False' ? (scheduled.message ?? 'cannot be scheduled') : undefined
}

/** Waiting for an image or for the next try after a crash; creating a container is no trouble. */
function failing({ status }: Pod): string | undefined {
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
  for (const { name, state, lastState } of containers) {
    const reason = state?.waiting?.reason
    if (!reason || reason === 'ContainerCreating' || reason === 'PodInitializing') continue
    const last = lastState?.terminated
    const ended = last ? `, ended with exit code ${last.exitCode}` : ''
    return `container ${name} is in ${reason}${ended}`
  }
  return undefined
}
