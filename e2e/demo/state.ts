// Whether there is a demo on this machine, whose it is, and where its files are — shell
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { checkLabName, writeWhole } from '@k0smotron-ts/hack/lab'
import { cacheFolder, type Owner, thisProcess } from '@k0smotron-ts/hack/tools'

export interface DemoState {
  /** The process in the background that has the environment. */
  readonly owner: Owner
  readonly phase: 'starting' | 'up' | 'failed'
  /** Where the programs' logs are, once there are any. */
  readonly logs?: string
}

/** Where the files of one demo are; those of different names run side by side. */
export interface DemoFiles {
  readonly name: string
  /** Gone with the demo. */
  readonly folder: string
  readonly kubeconfig: string
  readonly state: string
  /** Of the process in the background; beside the folder, which is removed when a demo starts. */
  readonly log: string
}

/** Throws for a name that leads elsewhere: its folder is removed with the demo. The lab has the same name. */
export function filesOf(name: string): DemoFiles {
  checkLabName(name)
  const folder = join(dirname(cacheFolder()), 'demos', name)
  return {
    name,
    folder,
    kubeconfig: join(folder, 'kubeconfig'),
    state: join(folder, 'state.json'),
    log: `${folder}.log`,
  }
}

/** `undefined`: there is none. What `isAlive` denies was killed and has left its files. */
export async function readState({ state }: DemoFiles): Promise<DemoState | undefined> {
  const text = await readFile(state, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as DemoState)
}

/** Makes the demo ours; throws when another process has it. */
export async function claimState(files: DemoFiles): Promise<void> {
  await mkdir(files.folder, { recursive: true })
  const claim: DemoState = { owner: thisProcess(), phase: 'starting' }
  const draft = `${files.state}.${process.pid}`
  await writeFile(draft, JSON.stringify(claim))
  try {
    await link(draft, files.state) // appears whole or not at all, and for one process only
  } catch (cause) {
    throw new Error('Another process is starting the demo', { cause })
  } finally {
    await rm(draft)
  }
}

/** Appears whole: others read it at any time. */
export async function writeState({ state }: DemoFiles, now: Omit<DemoState, 'owner'>): Promise<void> {
  await writeWhole(state, JSON.stringify({ owner: thisProcess(), ...now }))
}

export async function removeState({ folder }: DemoFiles): Promise<void> {
  await rm(folder, { recursive: true, force: true })
}
