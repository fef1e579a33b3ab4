// Which volumes to make and which to remove — core
import type { KubeObject } from '@k0smotron-ts/api'

export const volumeClass = 'lab-local'
const provisioner = 'k0smotron-ts.io/lab-volumes'

interface StorageClass extends KubeObject {
  readonly provisioner: string
  readonly reclaimPolicy: 'Delete'
  readonly volumeBindingMode: 'WaitForFirstConsumer'
}

/** The default class: a folder on the node that the scheduler chose for the first pod. */
export const storageClass: StorageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: volumeClass, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner,
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'WaitForFirstConsumer',
}

export interface Claim extends KubeObject {
  readonly spec: {
    readonly storageClassName?: string
    readonly volumeName?: string
    readonly accessModes?: readonly string[]
    readonly resources?: { readonly requests?: { readonly storage?: string } }
  }
}

export interface Volume extends KubeObject {
  readonly spec: {
    readonly capacity: { readonly storage: string }
    readonly accessModes: readonly string[]
    readonly storageClassName: string
    readonly persistentVolumeReclaimPolicy: 'Delete' | 'Retain'
    readonly claimRef: { readonly namespace: string; readonly name: string; readonly uid: string }
    readonly local: { readonly path: string }
    readonly nodeAffinity: object
  }
  readonly status?: { readonly phase?: string }
}

/** A volume and the node whose disk it lies on. */
export interface PlacedVolume {
  readonly volume: Volume
  readonly node: string
}

export interface VolumePlan {
  readonly make: readonly PlacedVolume[]
  readonly remove: readonly PlacedVolume[]
}

const selectedNode = 'volume.kubernetes.io/selected-node'
const nodeAnnotation = `${provisioner}-node`

/** What is missing, and what nobody claims any more. Volumes of others are left alone. */
export function planVolumes(claims: readonly Claim[], volumes: readonly Volume[]): VolumePlan {
  const names = new Set(volumes.map(volume => volume.metadata.name))
  const wanted = claims.filter(isWaiting).map(volumeFor)
  const ours = volumes.flatMap(volume => {
    const node = volume.metadata.annotations?.[nodeAnnotation]
    return node === undefined ? [] : [{ volume, node }]
  })
  return {
    make: wanted.filter(({ volume }) => !names.has(volume.metadata.name)),
    remove: ours.filter(({ volume: { spec, status } }) => {
      return status?.phase === 'Released' && spec.persistentVolumeReclaimPolicy === 'Delete'
    }),
  }
}

const isWaiting = ({ spec, metadata }: Claim): boolean =>
  spec.storageClassName === volumeClass && !spec.volumeName && metadata.annotations?.[selectedNode] !== undefined

/** A `local` volume, not a hostPath: the kubelet applies fsGroup to it, as to any real volume. */
function volumeFor({ metadata, spec }: Claim): PlacedVolume {
  const { namespace = '', name = '', uid = '' } = metadata
  const node = metadata.annotations?.[selectedNode] ?? ''
  const volumeName = `pvc-${uid}`
  const onNode = { key: 'kubernetes.io/hostname', operator: 'In', values: [node] }
  const annotations = { 'pv.kubernetes.io/provisioned-by': provisioner, [nodeAnnotation]: node }
  const volume: Volume = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: volumeName, annotations },
    spec: {
      capacity: { storage: spec.resources?.requests?.storage ?? '1Gi' },
      accessModes: spec.accessModes ?? ['ReadWriteOnce'],
      storageClassName: volumeClass,
      persistentVolumeReclaimPolicy: 'Delete',
      claimRef: { namespace, name, uid },
      local: { path: `/var/lib/lab-volumes/${volumeName}` },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [onNode] }] } },
    },
  }
  return { volume, node }
}
