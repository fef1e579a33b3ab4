// Whether a control plane hibernates: its pods are stopped, and all else is kept — core
import {
  controlPlaneCondition,
  hibernateAnnotation,
  hibernationTimeZoneAnnotation,
  wakeAnnotation,
} from '@k0smotron-ts/api'
import type { StatefulSet, Wait } from '@k0smotron-ts/runtime'
import type { HostedSpec, Memory } from '../input.ts'
import type { Live, Observed } from '../observed.ts'
import { isLookedAt } from './looked-at.ts'
import type { Scheduled } from './sleep.ts'

/** Absent: it is to run. */
export interface Hibernation {
  /** Why, and what ends it. */
  readonly message: string
  /** Why its pods must not be stopped; then they are not. */
  readonly refusal?: string
}

/** Where the data would end with the pods they are left alone. */
export function hibernationOf(
  { datastore, memory, scheduled, spec }: Pick<Live, 'datastore' | 'memory' | 'scheduled' | 'spec'>,
  datastoreSet: StatefulSet | undefined,
): Hibernation | undefined {
  const message = isAskedFor(spec, memory) ? wish : byScheduleMessage(scheduled)
  if (message === undefined) return undefined
  const refusal = datastore.hibernationRefusal?.(datastoreSet)
  return { message, ...(refusal !== undefined && { refusal }) }
}

const wish = 'spec.replicas is 0: pods are stopped, data and certificates are kept; set spec.replicas to wake it'

/** All of them: what is left of a schedule is a fault. */
const toWake = `take the annotations ${hibernateAnnotation}, ${wakeAnnotation} and ${hibernationTimeZoneAnnotation} off to wake it`

/** The same for as long as it sleeps. */
function byScheduleMessage(scheduled: Scheduled | undefined): string | undefined {
  if (!scheduled || scheduled.faults || !scheduled.isAsleep) return undefined
  return `asleep by its schedule until ${scheduled.changesAt.toISOString()}: pods are stopped, data and certificates are kept; ${toWake}`
}

/** When that changes: nothing that is watched tells. */
export function nextScheduled({ scheduled }: Pick<Live, 'scheduled'>): Date | undefined {
  return scheduled && !scheduled.faults ? scheduled.changesAt : undefined
}

function isAskedFor({ replicas }: HostedSpec, memory: Memory): boolean {
  return replicas === 0 && !isReplicasUnused(memory)
}

/** A release that is replaced by another one must not begin to scale what runs. */
export function isReplicasUnused(memory: Pick<Memory, 'replicasUnused' | 'datastoreFormed'> | undefined): boolean {
  return memory?.replicasUnused === true && memory.datastoreFormed
}

interface Hibernating {
  readonly hibernation?: Hibernation | undefined
}

/** Its pods are stopped, or are to be. */
export function isHibernating({ hibernation }: Hibernating): boolean {
  return hibernation !== undefined && hibernation.refusal === undefined
}

/** What every condition says that speaks of pods. */
export function hibernationWait({ hibernation }: Hibernating): Wait | undefined {
  if (!hibernation || hibernation.refusal !== undefined) return undefined
  return { reason: controlPlaneCondition.anyPhaseReason.hibernated, message: hibernation.message }
}

/** Kubernetes says so too: a set that it has not looked at may still get a pod. */
export function areK0sPodsGone({ k0sPods, k0sSet }: Pick<Observed, 'k0sPods' | 'k0sSet'>): boolean {
  if (k0sPods.length > 0) return false
  if (!k0sSet) return true
  return k0sSet.spec?.replicas === 0 && isLookedAt(k0sSet) && (k0sSet.status?.replicas ?? 0) === 0
}
