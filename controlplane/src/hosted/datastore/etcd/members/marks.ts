// What the claims of the members say of them — core
import type { PersistentVolumeClaim } from '@k0smotron-ts/runtime'
import type { Claim, ClaimMark } from './snapshot.ts'

/** Which member the volume is for. */
const memberAnnotation = 'k0smotron.io/etcd-member'

/** `root`: the data are there, and not in a directory with the id of the member. */
const directoryAnnotation = 'k0smotron.io/etcd-directory'

/** The pod that was there when the volume was given away. */
const olderPodAnnotation = 'k0smotron.io/etcd-older-pod'

export function claimIn({ metadata }: PersistentVolumeClaim): Claim {
  const { annotations = {}, uid = '', deletionTimestamp } = metadata
  const { [memberAnnotation]: mark, [olderPodAnnotation]: olderPod } = annotations
  return {
    uid,
    ...(mark !== undefined && { mark }),
    ...(annotations[directoryAnnotation] === 'root' && { isRoot: true }),
    ...(olderPod !== undefined && { olderPod }),
    isGoing: deletionTimestamp !== undefined,
  }
}

/** Its marks name a member that is none of ours. */
export function claimOfOther({ metadata }: PersistentVolumeClaim): Claim {
  const { name = '', uid = '', deletionTimestamp } = metadata
  return { uid, othersName: name, isGoing: deletionTimestamp !== undefined }
}

export interface GivenTo {
  readonly mark: ClaimMark
  readonly isRoot?: boolean | undefined
  readonly olderPod?: string | undefined
}

export function claimMarks({ mark, isRoot, olderPod }: GivenTo): Readonly<Record<string, string>> {
  return {
    [memberAnnotation]: mark,
    ...(isRoot && { [directoryAnnotation]: 'root' }),
    ...(olderPod !== undefined && { [olderPodAnnotation]: olderPod }),
  }
}
