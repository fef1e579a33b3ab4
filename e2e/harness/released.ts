// A lab that has images of two releases and nothing else of ours: a release is installed as a user does it — shell
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLab } from '@k0smotron-ts/hack/lab'
import { buildImage, thisPlatform, writeRelease } from '@k0smotron-ts/hack/release'
import { install, kubectlWith, startManagement } from '@k0smotron-ts/hack/testenv'
import { type Progress, terminalProgress } from '@k0smotron-ts/hack/tools'
import { labMachines, labManifests, labProvider, labRights } from '../lab-provider/index.ts'
import { type IndependentClient, independentClient } from './independent.ts'
import { type K0sChoice, prepareK0s, usualChoice } from './k0s.ts'
import type { Stage } from './stage.ts'

export interface ReleasedOptions {
  readonly name: string
  readonly versions: readonly string[]
  readonly k0s?: K0sChoice
  readonly progress?: Progress
}

/**
 * No manager is started: those of the release run in pods. Scenarios get no client of the product, which must not check
 * itself; the lab and its infrastructure provider are the test bed, and have one.
 */
export interface ReleasedStage extends Pick<Stage, 'lab' | 'kubectl' | 'k0s' | 'folder'>, AsyncDisposable {
  /** As admin of the management cluster. */
  readonly client: IndependentClient
  /** Resolves when those users have written nothing for a second. */
  readonly quiet: (of: readonly string[]) => Promise<void>
  /** What `make release` writes, by version. */
  readonly releases: Readonly<Record<string, string>>
  /** What a node pulls of the last version's image, in bytes. */
  readonly imageSize: number
}

const image = 'localhost/k0smotron-ts'

/** Resolves when a release can be installed; throws LabUnavailable where there can be no lab. */
export async function startReleasedStage(options: ReleasedOptions): Promise<ReleasedStage> {
  const { name, versions, k0s: choice = usualChoice(), progress = terminalProgress() } = options
  await using started = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'released-'))
  started.defer(() => rm(folder, { recursive: true, force: true }))
  const platform = thisPlatform()
  const releases: Record<string, string> = {}
  const archives: string[] = []
  let imageSize = 0
  for (const version of versions) {
    releases[version] = join(folder, version, 'release')
    await writeRelease({ version, image, folder: releases[version] })
    const order = { version, image, folder: join(folder, version, 'image'), for: [platform] }
    const built = await buildImage(order, progress)
    archives.push(built.archives[platform.oci] ?? '')
    imageSize = built.sizes[platform.oci] ?? 0
  }
  const k0s = await prepareK0s(choice, progress)
  const lab = started.use(await startLab({ name, images: [...k0s.archives, ...archives], progress }))
  const management = started.use(await startManagement({ env: lab.env, withoutOurs: true }))
  await install(management.client, labManifests('k0smotron'))
  const provider = labProvider({ machines: labMachines(lab.machines, k0s.machine) })
  started.use(await management.start(provider, labRights.name))
  const { kubeconfig } = lab.env
  const reached = { kubectl: await kubectlWith(kubeconfig), client: independentClient(kubeconfig) }
  const running = started.move()
  const parts = { lab, ...reached, quiet: management.quiet, k0s, folder: lab.directory, releases, imageSize }
  return { ...parts, [Symbol.asyncDispose]: () => running.disposeAsync() }
}
