// Whether etcd may start on the volume that is there — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import type { PersistentVolumeClaim, Wait } from '@k0smotron-ts/runtime'
import { annotationRemedy } from '../../facts/remembered.ts'
import type { Observed } from '../../observed.ts'
import { type AuthorityMark, marksOn, volumeMarks } from '../../pki/made-with.ts'
import { claimOf, ownMarks } from './claim.ts'
import { isDatastoreFormed } from './formed.ts'

const { datastoreReason } = controlPlaneCondition

/** The claim to look for before the members are made: while they live, it is theirs. */
export function unusedVolume(observed: Observed): string | undefined {
  return isLookedFor(observed) && !observed.datastoreSet ? claimOf(observed.names, 0) : undefined
}

/** Without its Service etcd does not start: until then nobody has to look. */
function isLookedFor(observed: Observed): boolean {
  return observed.datastoreService !== undefined || isDatastoreFormed(observed)
}

/** Whether clients of etcd may be made; not before it is known what is in the volume. */
export function mayStart(observed: Observed): boolean {
  const isKnown = observed.datastoreSet !== undefined || isLookedFor(observed)
  return isKnown && volumeTrouble(observed) === undefined
}

/**
 * Why etcd must start neither on the volume that is there, nor without one. On another cluster's it would serve that cluster's
 * data; an empty one under authorities in use would look like a working control plane that has forgotten everything.
 */
export function volumeTrouble(observed: Observed): Wait | undefined {
  if (observed.datastoreSet) return undefined
  const { datastoreVolume: volume } = observed
  if (isDatastoreFormed(observed) && (!volume || isGoing(volume))) return lost(observed)
  const volumes = volumesFound(observed)
  const [first] = volumes
  if (!first) return undefined
  if (volume && isGoing(volume)) return found(going([volume]))
  return unknown(observed, first) ?? othersVolumes(observed, volumes)
}

/** Those of all members: on a second one that somebody kept, a member of another cluster would come back. */
function volumesFound({ datastoreVolume: first, datastoreClaims }: Observed): readonly PersistentVolumeClaim[] {
  const all = [...(first ? [first] : []), ...datastoreClaims.filter(one => one.metadata.name !== first?.metadata.name)]
  return all.toSorted((one, other) => nameOf(one).localeCompare(nameOf(other)))
}

function othersVolumes(observed: Observed, volumes: readonly PersistentVolumeClaim[]): Wait | undefined {
  const others = volumes.filter(volume => !isOfThisCluster(observed, volume))
  const gone = others.filter(isGoing)
  const kept = others.filter(volume => !isGoing(volume))
  const reasonOf = (one: PersistentVolumeClaim) => otherAuthority(observed, one) ?? annotationsFor(observed, one)
  const byReason = [...new Set(kept.map(reasonOf))].map(reason => kept.filter(one => reasonOf(one) === reason))
  const messages = byReason.flatMap(([first, ...more]) => (first ? ofAnother(observed, first, more) : []))
  const all = [...messages, ...(gone.length > 0 ? [going(gone)] : [])]
  return all.length > 0 ? found(all.join('; ')) : undefined
}

function isGoing({ metadata }: PersistentVolumeClaim): boolean {
  return metadata.deletionTimestamp !== undefined
}

function going(volumes: readonly PersistentVolumeClaim[]): string {
  const [are, they] = volumes.length === 1 ? ['is', 'it is'] : ['are', 'they are']
  return `${named(volumes)} ${are} being deleted; waiting until ${they} gone`
}

function named(volumes: readonly PersistentVolumeClaim[]): string {
  return `PersistentVolumeClaim${volumes.length === 1 ? '' : 's'} ${volumes.map(nameOf).join(', ')}`
}

function nameOf({ metadata }: PersistentVolumeClaim): string {
  return metadata.name ?? ''
}

/** Before that is known nobody must be told to delete a volume: it may be all that is left. */
function unknown({ certificates, names }: Observed, volume: PersistentVolumeClaim): Wait | undefined {
  const { datastore, cluster } = ownMarks(certificates)
  if (datastore !== undefined && cluster !== undefined) return undefined
  const secret = datastore === undefined ? names.etcdCA : names.ca
  return {
    reason: datastoreReason.waitingForCertificates,
    message: `waiting for a usable Secret ${secret}, which tells whether PersistentVolumeClaim ${volume.metadata.name} is of this control plane`,
  }
}

/** The same authorities: a restore. One without a mark is older than marks; a control plane that has formed had one. */
function isOfThisCluster(observed: Observed, volume: PersistentVolumeClaim): boolean {
  const [missing, other] = [missingMarks(observed, volume), otherAuthority(observed, volume)]
  return !other && (Object.keys(missing).length === 0 || isDatastoreFormed(observed))
}

/** The Secret that has another authority than the volume was marked with. */
function otherAuthority({ certificates, names }: Observed, volume: PersistentVolumeClaim): string | undefined {
  const [live, own] = [marksOn(volume), ownMarks(certificates)]
  if (live.datastore !== undefined && live.datastore !== own.datastore) return names.etcdCA
  return live.cluster !== undefined && live.cluster !== own.cluster ? names.ca : undefined
}

function missingMarks({ certificates }: Observed, volume: PersistentVolumeClaim): AuthorityMark {
  const { datastore, cluster } = marksOn(volume)
  const own = ownMarks(certificates)
  return volumeMarks({ ...(!datastore && { datastore: own.datastore }), ...(!cluster && { cluster: own.cluster }) })
}

/** `more`: those that may not be used for the same reason. */
function ofAnother(observed: Observed, volume: PersistentVolumeClaim, more: readonly PersistentVolumeClaim[]): string {
  const { ca, frontProxyCA, etcdCA, serviceAccountKey } = observed.names
  const [was, it, they, its] =
    more.length === 0 ? ['was', 'it', 'it was', 'its'] : ['were', 'them', 'they were', 'their']
  const claims = named([volume, ...more])
  const empty = `delete ${it} to begin with an empty datastore`
  const other = otherAuthority(observed, volume)
  if (other) {
    return `${claims} ${was} made with another authority than Secret ${other} has; ${empty}, or restore the Secrets ${ca}, ${frontProxyCA}, ${etcdCA} and ${serviceAccountKey} that ${they} made with`
  }
  return `${claims} ${was} there before this control plane; ${empty}, or annotate ${it} ${annotationsFor(observed, volume)} to use ${its} data`
}

function annotationsFor(observed: Observed, volume: PersistentVolumeClaim): string {
  return Object.entries(missingMarks(observed, volume))
    .map(([key, value]) => `${key}=${value}`)
    .join(' ')
}

function found(message: string): Wait {
  return { reason: datastoreReason.volumeFound, message }
}

function lost(observed: Observed): Wait {
  return {
    reason: datastoreReason.lost,
    message: `this control plane had a datastore, and its volume ${claimOf(observed.names, 0)} is not here; restore it, or make the control plane anew${annotationRemedy(observed)}`,
  }
}
