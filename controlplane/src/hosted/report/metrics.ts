// What is measured of one control plane: what its status says, as numbers — core
import { type Condition, controlPlaneCondition, type KubeObject } from '@k0smotron-ts/api'
import {
  type ConditionDraft,
  conditionIn,
  type GaugeDeclaration,
  type ObjectReport,
  type Sample,
} from '@k0smotron-ts/runtime'
import { databaseAlarms, type MembersAnswer } from '../datastore/members.ts'
import { alarmsIn } from '../datastore/room.ts'

const { available, datastoreAvailable, initialized, rollingOut, scalingDown, scalingUp } = controlPlaneCondition

const help = {
  available: 'Whether the API server of a control plane answers: condition Available is True',
  available_changed_timestamp_seconds: 'When condition Available changed last',
  available_unknown:
    'Whether nobody can tell if the API server answers: condition Available is Unknown; else no series',
  unavailable: 'Why condition Available is not True; no series while it is',
  initialized: 'Whether the API server of a control plane has ever answered',
  datastore_available: 'Whether the datastore runs, or a database is configured: condition DatastoreAvailable is True',
  rolling_out: 'Whether pods of a control plane are being replaced, added or taken away',
  replicas_wanted:
    'Pods that a control plane is to have: those of its spec that come into effect; none while not known',
  replicas: 'Pods of a control plane',
  replicas_ready: 'Pods of a control plane that are ready',
  replicas_up_to_date: 'Pods of a control plane that run what its spec asks for; no series while that is not known',
  etcd_database_size_bytes: 'Size of the database of a member of etcd, which its quota is for; rounded up to 4 MiB',
  etcd_database_in_use_bytes: 'The same without what defragmentation would give back',
  etcd_database_quota_bytes: 'The size of the database at which etcd refuses all writes',
  etcd_alarm: 'Whether etcd has raised an alarm; no series while it was not asked',
  deletion_timestamp_seconds: 'Since when a control plane is being deleted; its other series have ended',
  reconcile_seconds: 'How long the last pass over a control plane took until its report',
} as const

type Name = keyof typeof help

const labels: Partial<Record<Name, string>> = {
  unavailable: 'reason',
  etcd_database_size_bytes: 'member',
  etcd_database_in_use_bytes: 'member',
  etcd_database_quota_bytes: 'member',
  etcd_alarm: 'alarm',
}

const prefix = 'k0smotron_control_plane_'

export const controlPlaneGauges: readonly GaugeDeclaration[] = Object.entries(help).map(([name, text]) => ({
  name: `${prefix}${name}`,
  help: text,
  ...(name in labels && { label: labels[name as Name] as string }),
}))

/** A control plane of any kind, as it is stored. */
export interface Measured extends KubeObject {
  readonly status?: MeasuredStatus & { readonly conditions?: readonly Condition[] }
}

/** Which pods are up to date, the kinds name differently. */
export interface MeasuredStatus {
  readonly conditions?: readonly ConditionDraft[]
  readonly replicas?: number
  readonly readyReplicas?: number
  readonly upToDateReplicas?: number
  readonly updatedReplicas?: number
}

interface Moment {
  readonly cluster: string
  readonly now: Date
  /** Absent where the pass failed. */
  readonly tookMs?: number
  /** Absent where the pass failed. */
  readonly wantedReplicas?: number
  /** Absent: the members were not asked. */
  readonly databases?: MembersAnswer['databases']
}

/** `reported`: what the pass says; where it says nothing, what is stored stays. */
export function controlPlaneReport(
  object: Measured,
  reported: MeasuredStatus | undefined,
  { cluster, now, tookMs, wantedReplicas, databases }: Moment,
): ObjectReport {
  const { deletionTimestamp } = object.metadata
  const took = tookMs === undefined ? [] : [sample('reconcile_seconds', tookMs / 1000)]
  if (deletionTimestamp) {
    return { cluster, samples: [sample('deletion_timestamp_seconds', seconds(new Date(deletionTimestamp))), ...took] }
  }
  const status = reported ?? object.status ?? {}
  const samples = [...availability(object, status, now), ...replicas(status, wantedReplicas), ...room(databases)]
  return { cluster, samples: [...samples, ...took] }
}

function availability({ status: stored }: Measured, { conditions }: MeasuredStatus, now: Date): Sample[] {
  const said = conditionIn(conditions, available)
  const before = conditionIn(stored?.conditions, available)
  const isSame = before !== undefined && before.status === said?.status
  const isTrue = (type: string): boolean => conditionIn(conditions, type)?.status === 'True'
  return [
    sample('available', isTrue(available)),
    ...(said
      ? [sample('available_changed_timestamp_seconds', seconds(isSame ? new Date(before.lastTransitionTime) : now))]
      : []),
    ...(isTrue(available) ? [] : [sample('unavailable', 1, said?.reason)]),
    ...(said?.status === 'Unknown' ? [sample('available_unknown', 1)] : []),
    sample('initialized', isTrue(initialized)),
    sample('datastore_available', isTrue(datastoreAvailable)),
    sample('rolling_out', [rollingOut, scalingUp, scalingDown].some(isTrue)),
  ]
}

function replicas(status: MeasuredStatus, wanted: number | undefined): Sample[] {
  const upToDate = status.upToDateReplicas ?? status.updatedReplicas
  return [
    ...(wanted === undefined ? [] : [sample('replicas_wanted', wanted)]),
    sample('replicas', status.replicas ?? 0),
    sample('replicas_ready', status.readyReplicas ?? 0),
    ...(upToDate === undefined ? [] : [sample('replicas_up_to_date', upToDate)]),
  ]
}

function room(databases: MembersAnswer['databases'] = new Map()): Sample[] {
  if (databases.size === 0) return []
  const raised = alarmsIn(databases)
  const ofMembers = [...databases].flatMap(([ordinal, { size, inUse, quota }]) => [
    sample('etcd_database_size_bytes', size, `${ordinal}`),
    sample('etcd_database_in_use_bytes', inUse, `${ordinal}`),
    sample('etcd_database_quota_bytes', quota, `${ordinal}`),
  ])
  return [...ofMembers, ...databaseAlarms.map(alarm => sample('etcd_alarm', raised.includes(alarm), alarm))]
}

function sample(name: Name, value: number | boolean, label?: string): Sample {
  return { gauge: `${prefix}${name}`, value: Number(value), ...(label !== undefined && { label }) }
}

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000)
