// Whether there is a demo on this machine, whose it is, and where its files are — shell
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cacheFolder } from '../../hack/tools/locate.ts'
import { isAlive, type Owner, thisProcess } from '../../hack/tools/owner.ts'

export interface DemoState {
  /** The process in the background that has the environment. */
  readonly owner: Owner
  readonly phase: 'starting' | 'up' | 'failed'
  /** Where the programs' logs are, once there are any. */
  readonly logs?: string
}

/** Kubeconfig, log of the process in the background, state; gone with the demo. */
export const demoFolder = (): string => join(dirname(cacheFolder()), 'demo')
export const kubeconfigPath = (): string => join(demoFolder(), 'kubeconfig')
/** Beside the folder, which is removed at the start of a demo. */
export const logPath = (): string => `${demoFolder()}.log`

const statePath = (): string => join(demoFolder(), 'state.json')

/** `undefined`: there is none. What `isAlive` denies was killed and has left its files. */
export async function readState(): Promise<DemoState | undefined> {
  const text = await readFile(statePath(), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as DemoState)
}

/** Makes the demo ours; throws when another process has it. */
export async function claimState(): Promise<void> {
  const before = await readState()
  if (before && !isAlive(before.owner)) await removeState()
  await mkdir(demoFolder(), { recursive: true })
  const state: DemoState = { owner: thisProcess(), phase: 'starting' }
  try {
    await writeFile(statePath(), JSON.stringify(state), { flag: 'wx' })
  } catch (cause) {
    throw new Error('Another process is starting the demo', { cause })
  }
}

/** Appears whole: others read it at any time. */
export async function writeState(state: Omit<DemoState, 'owner'>): Promise<void> {
  const draft = `${statePath()}.draft`
  await writeFile(draft, JSON.stringify({ owner: thisProcess(), ...state }))
  await rename(draft, statePath())
}

export async function removeState(): Promise<void> {
  await rm(demoFolder(), { recursive: true, force: true })
}
