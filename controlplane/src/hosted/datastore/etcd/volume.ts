// Whether etcd may start on the volume that is there — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import type { PersistentVolumeClaim, Wait } from '@k0smotron-ts/runtime'
import { annotationRemedy } from '../../facts/remembered.ts'
import type { Observed } from '../../observed.ts'
import { type AuthorityMark, marksOn, volumeMarks } from '../../pki/made-with.ts'
import { datastoreVolume, ownMarks } from './claim.ts'
import { isDatastoreFormed } from './formed.ts'

const { datastoreReason } = controlPlaneCondition

/** The claim to look for before the members are made: while they live, it is theirs. */
export function unusedVolume(observed: Observed): string | undefined {
  return isLookedFor(observed) && !observed.datastoreSet ? datastoreVolume(observed) : undefined
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
  const isGoing = volume?.metadata.deletionTimestamp !== undefined
  if (isDatastoreFormed(observed) && (!volume || isGoing)) return lost(observed)
  if (!volume) return undefined
  if (isGoing) return found(`PersistentVolumeClaim ${volume.metadata.name} is being deleted; waiting until it is gone`)
  return (
    unknown(observed, volume) ?? (isOfThisCluster(observed, volume) ? undefined : found(ofAnother(observed, volume)))
  )
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

function ofAnother(observed: Observed, volume: PersistentVolumeClaim): string {
  const { ca, frontProxyCA, etcdCA, serviceAccountKey } = observed.names
  const claim = `PersistentVolumeClaim ${volume.metadata.name}`
  const empty = 'delete it to begin with an empty datastore'
  const other = otherAuthority(observed, volume)
  if (other) {
    return `${claim} was made with another authority than Secret ${other} has; ${empty}, or restore the Secrets ${ca}, ${frontProxyCA}, ${etcdCA} and ${serviceAccountKey} that it was made with`
  }
  const marks = Object.entries(missingMarks(observed, volume)).map(([key, value]) => `${key}=${value}`)
  return `${claim} was there before this control plane; ${empty}, or annotate it ${marks.join(' ')} to use its data`
}

function found(message: string): Wait {
  return { reason: datastoreReason.volumeFound, message }
}

function lost(observed: Observed): Wait {
  return {
    reason: datastoreReason.lost,
    message: `this control plane had a datastore, and its volume ${datastoreVolume(observed)} is not here; restore it, or make the control plane anew${annotationRemedy(observed)}`,
  }
}
