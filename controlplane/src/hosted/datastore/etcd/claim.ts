// The volume of an etcd member — core
import { amountOf, isSameAmount } from '@k0smotron-ts/api'
import type { PersistentVolumeClaim, StatefulSet } from '@k0smotron-ts/runtime'
import { defaultEtcdVolumeSize } from '../../facts/defaults.ts'
import type { Names } from '../../identity.ts'
import type { Known, Observed } from '../../observed.ts'
import { madeWith, marksOn, type VolumeMarks, volumeMarks } from '../../pki/made-with.ts'
import { memberOrdinals } from './members/snapshot.ts'

type ClaimTemplate = NonNullable<NonNullable<StatefulSet['spec']>['volumeClaimTemplates']>[number]

interface Volume {
  readonly storageClass?: string
  readonly size: number | string
}

const claimName = 'etcd-data'

/** What the names of the claims begin with, before the ordinal. */
export function claimsOf({ etcd }: Pick<Names, 'etcd'>): string {
  return `${claimName}-${etcd}`
}

/** The claim of a member, as the StatefulSet names it. */
export function claimOf(names: Pick<Names, 'etcd'>, ordinal: number): string {
  return `${claimsOf(names)}-${ordinal}`
}

export function memberVolumes(names: Names): readonly string[] {
  return memberOrdinals.map(ordinal => claimOf(names, ordinal))
}

/** Claim templates cannot change on a live set: there the volumes stay as they were made. */
export function etcdClaim(observed: Known): ClaimTemplate {
  const kept = changedVolume(observed) && liveVolume(observed)
  const { storageClass, size } = kept ?? wantedVolume(observed)
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: claimName, ...markOf(observed) },
    spec: {
      accessModes: ['ReadWriteOnce'],
      ...(storageClass && { storageClassName: storageClass }),
      resources: { requests: { storage: size } },
    },
  }
}

const Mi = 1024 ** 2

/** Five files of the write-ahead log are kept; one is being written, and one is prepared. Each has 64 MiB. */
const writeAheadLog = 7 * 64 * Mi

/** What no file system of a volume takes for itself or keeps for root: ext4 leaves 92 % of 10 GiB. */
const shareOfFileSystem = 0.9

/** etcd's own: with no quota written down, and its advice for the largest. */
const quota = { default: 2048 * Mi, largest: 8192 * Mi } as const

/**
 * How large the data may get, in bytes: 80 % of the volume without the write-ahead log. At its quota etcd refuses writes
 * and can be helped; on a full disk it cannot even delete. On a volume that the log nearly fills, a quarter.
 *
 * `undefined` where that would take room away that was given: volumes without a mark are older than quotas, and data
 * above a quota makes a living cluster read-only.
 */
export function datastoreQuota(observed: Known): number | undefined {
  const { metadata } = etcdClaim(observed)
  const size = volumeSize(observed)
  const bytes = Math.min(Math.max(Math.floor(size * 0.8) - writeAheadLog, Math.floor(size / 4)), quota.largest)
  return bytes >= quota.default || madeWith({ metadata: metadata ?? {} }) !== undefined ? bytes : undefined
}

/** Also where none is written down. */
export function quotaOf(observed: Known): number {
  return datastoreQuota(observed) ?? quota.default
}

/** What the file system of the volume leaves beside the write-ahead log: on a full disk etcd ends, and nobody can delete anything. */
export function maxQuota(observed: Known): number {
  return Math.floor(volumeSize(observed) * shareOfFileSystem) - writeAheadLog
}

function volumeSize(observed: Known): number {
  return amountOf(etcdClaim(observed).spec?.resources?.requests?.storage ?? '') ?? 0
}

/** A volume that is there was made before, and stays as it was made. */
function markOf(observed: Known): Pick<ClaimTemplate['metadata'] & object, 'annotations'> {
  const { certificates, datastoreSet, datastoreVolume: volume } = observed
  const live = datastoreSet?.spec?.volumeClaimTemplates?.[0] ?? volume
  const annotations = volumeMarks(live ? marksOn({ metadata: live.metadata ?? {} }) : ownMarks(certificates))
  return Object.keys(annotations).length === 0 ? {} : { annotations }
}

/** What a volume of this control plane is marked with. */
export function ownMarks({ ca, etcd }: Observed['certificates']): VolumeMarks {
  return { datastore: etcd?.fingerprint, cluster: ca?.fingerprint }
}

/**
 * Whether it says that it was made for another control plane. Those of a live set are like its template; whoever changes a Secret
 * then does not make them strangers.
 */
export function isOthers(
  { certificates, datastoreSet }: Pick<Observed, 'certificates' | 'datastoreSet'>,
  volume: PersistentVolumeClaim,
): boolean {
  const template = marksOn({ metadata: datastoreSet?.spec?.volumeClaimTemplates?.[0]?.metadata ?? {} })
  const [own, marks] = [ownMarks(certificates), marksOn(volume)]
  return (['datastore', 'cluster'] as const).some(key => {
    const expected = template[key] ?? own[key]
    return marks[key] !== undefined && expected !== undefined && marks[key] !== expected
  })
}

/** What the spec asks for in another way than the live volume is; resizing is not supported yet, and is reported. */
export function changedVolume(observed: Known): 'size' | 'storageClass' | undefined {
  const live = liveVolume(observed)
  const wanted = wantedVolume(observed)
  if (!live) return undefined
  if (!isSameAmount(live.size, wanted.size)) return 'size'
  return wanted.storageClass === live.storageClass ? undefined : 'storageClass'
}

function wantedVolume({ spec }: Known): Volume {
  const { storageClass, size } = spec.storage?.etcd?.persistence ?? {}
  return { size: size && amountOf(size) !== 0 ? size : defaultEtcdVolumeSize, ...(storageClass && { storageClass }) }
}

function liveVolume(observed: Known): Volume | undefined {
  const claim = observed.datastoreSet?.spec?.volumeClaimTemplates?.[0]?.spec
  const size = claim?.resources?.requests?.storage
  if (size === undefined) return undefined
  return { size, ...(claim?.storageClassName && { storageClass: claim.storageClassName }) }
}
