// The volume of an etcd member — core
import { isSameAmount } from '@k0smotron-ts/api'
import type { StatefulSet } from '@k0smotron-ts/runtime'
import { defaultEtcdVolumeSize } from '../defaults.ts'
import { namesFor } from '../identity.ts'
import type { Observed } from '../observed.ts'

type ClaimTemplate = NonNullable<NonNullable<StatefulSet['spec']>['volumeClaimTemplates']>[number]

interface Volume {
  readonly storageClass?: string
  readonly size: number | string
}

/** Claim templates cannot change on a live set: there the volumes stay as they were made. */
export function etcdClaim(observed: Observed): ClaimTemplate {
  const { storageClass, size } = changedVolume(observed)
    ? (liveVolume(observed) ?? wantedVolume(observed))
    : wantedVolume(observed)
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'etcd-data' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      ...(storageClass && { storageClassName: storageClass }),
      resources: { requests: { storage: size } },
    },
  }
}

/** Whether the spec asks for another volume than the live one; resizing is not supported yet, and is reported. */
export function changedVolume(observed: Observed): 'size' | 'storageClass' | undefined {
  const live = liveVolume(observed)
  const wanted = wantedVolume(observed)
  if (!live) return undefined
  if (!isSameAmount(live.size, wanted.size)) return 'size'
  return wanted.storageClass === live.storageClass ? undefined : 'storageClass'
}

function wantedVolume({ controlPlane }: Observed): Volume {
  const { storageClass, size } = controlPlane.spec.storage?.etcd?.persistence ?? {}
  return { size: size ?? defaultEtcdVolumeSize, ...(storageClass && { storageClass }) }
}

function liveVolume(observed: Observed): Volume | undefined {
  const name = namesFor(observed).etcd
  const set = observed.statefulSets.find(({ metadata }) => metadata.name === name)
  const claim = set?.spec?.volumeClaimTemplates?.[0]?.spec
  const size = claim?.resources?.requests?.storage
  return size === undefined
    ? undefined
    : { size, ...(claim?.storageClassName && { storageClass: claim.storageClassName }) }
}
