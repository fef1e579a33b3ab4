// Which k0s scenarios and the demo run: the labelled stand-in, or the real one by environment variables — shell
import { busyboxImage, labBusybox } from '@k0smotron-ts/hack/lab'
import { binaries, type Progress } from '@k0smotron-ts/hack/tools'
import { components } from '../k0s-stand-in/binary.ts'
import { type Packed, packImages } from '../k0s-stand-in/image.ts'
import type { MachineImage } from '../lab-provider/index.ts'
import { type RealK0s, realK0s, realK0sUnavailable, realMachineFiles } from './real-k0s.ts'

/** The version that the stand-in plays unless a scenario wants another. */
export const usualVersion = 'v1.36.3+k0s.1'

export interface K0s {
  /** What it is, for people: nobody may take the stand-in for k0s. */
  readonly title: string
  readonly isReal: boolean
  readonly version: string
  /** For `spec.image`: without tag. */
  readonly image: string
  readonly etcdImage: string
  /** Archives of the images that hosting nodes need. */
  readonly archives: readonly string[]
  /** The executable for workers that download it. */
  readonly binary: string
  /** What worker machines have before anyone tells them what to become: k0s, and an image for pods. */
  readonly machine: MachineImage
  /** An image that every worker machine has; its shell can run anything small. */
  readonly podImage: string
}

export const standInBinaries = [...components, 'etcd'] as const

/** Which k0s: of the stand-in any version, of the real one that of its archive. */
export type K0sChoice = { readonly kind: 'stand-in'; readonly version?: string } | { readonly kind: 'real' }

/** The real one where the environment has it. */
export const usualChoice = (): K0sChoice => ({ kind: realK0sUnavailable() === undefined ? 'real' : 'stand-in' })

/** Packs what is not packed yet. */
export async function prepareK0s(choice: K0sChoice, progress: Progress): Promise<K0s> {
  const busybox = await labBusybox(progress)
  const real = choice.kind === 'real' ? await realK0s() : undefined
  const version = choice.kind === 'real' ? undefined : (choice.version ?? usualVersion)
  const found = await binaries(standInBinaries, progress)
  const packed = await packImages({
    binaries: { ...found, busybox: busybox.program },
    versions: version === undefined ? [] : [version],
  })
  const chosen = real ?? standIn(packed, version ?? usualVersion)
  const readOnly = {
    '/usr/local/bin/k0s': chosen.binary,
    // k0s imports what lies there; of the real one's own bundle in the same way
    '/var/lib/k0s/images/busybox.tar': busybox.archive,
    ...(real && realMachineFiles(real)),
  }
  return {
    ...chosen,
    isReal: real !== undefined,
    etcdImage: packed.etcd.reference,
    archives: [chosen.archive, packed.etcd.archive],
    machine: { readOnly },
    podImage: busyboxImage,
  }
}

function standIn({ k0s }: Packed, version: string): Omit<RealK0s, 'airgap'> {
  const image = k0s[version]
  if (!image) throw new Error(`The stand-in of ${version} was not packed`)
  return {
    title: `k0s stand-in (not k0s) ${version}`,
    version,
    image: image.reference.slice(0, image.reference.lastIndexOf(':')),
    archive: image.archive,
    binary: image.binary,
  }
}
