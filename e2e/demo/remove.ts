// Removes the demo, whatever became of it — shell
import { access, rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { labUnavailable, sweepLabs } from '@k0smotron-ts/hack/lab'
import { isAlive } from '@k0smotron-ts/hack/tools'
import { type DemoFiles, readState, removeState } from './state.ts'

/** Resolves when nothing is left; false when there was nothing. */
export async function removeDemo(files: DemoFiles): Promise<boolean> {
  const state = await readState(files)
  if (state && isAlive(state.owner)) process.kill(state.owner.pid, 'SIGTERM')
  while (state && isAlive(state.owner)) await delay(50)
  // what the process did not remove itself; its helpers do the same at this moment
  if (labUnavailable() === undefined) await sweepLabs()
  while (state?.logs !== undefined && (await exists(state.logs))) await delay(50)
  await removeState(files)
  await rm(files.log, { force: true })
  return state !== undefined
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
