// The process in the background that has the demo until somebody says stop — shell
import { once } from 'node:events'
import { labUnavailable } from '@k0smotron-ts/hack/lab'
import type { Progress } from '@k0smotron-ts/hack/tools'
import type { Demo, DemoOrder } from './demo.ts'
import { startInLab } from './in-lab.ts'
import { claimState, type DemoFiles, removeState, writeState } from './state.ts'
import { startWithoutMachines } from './without-machines.ts'

/** What it tells the process that waits for it. `done`: the exit code; from then on nobody listens. */
export type Report = { readonly say: string } | { readonly update: string } | { readonly done: number }

/** `withMachines`: where there can be any. */
export async function hold(files: DemoFiles, withMachines: boolean): Promise<void> {
  await claimState(files)
  try {
    // while it starts, a signal ends this process at once, and everything with it
    await using demo = await start(files, withMachines ? labUnavailable() : 'no machines were wanted')
    await writeState(files, { phase: 'starting', logs: demo.logs })
    const stopping = new AbortController()
    const signalled = Promise.race(['SIGTERM', 'SIGINT'].map(signal => once(process, signal)))
    void signalled.then(() => stopping.abort())
    await Promise.race([show(demo, files, stopping.signal), signalled])
    await signalled
  } finally {
    await removeState(files)
    if (process.connected) process.disconnect() // else the channel would keep this process
  }
}

/** `without`: why there are no machines. */
async function start({ name, kubeconfig }: DemoFiles, without: string | undefined): Promise<Demo> {
  const progress: Progress = { say: say => report({ say }), update: update => report({ update }) }
  const order: DemoOrder = { name, kubeconfig, progress }
  // nobody is left to be told: a person gave up
  const abandoned = (): never => process.exit(1)
  process.once('disconnect', abandoned)
  const demo = await (without === undefined ? startInLab(order) : startWithoutMachines(order, without))
  process.off('disconnect', abandoned)
  return demo
}

/** A failure leaves everything as it is, to be looked at. */
async function show({ run, logs, waitedFor }: Demo, files: DemoFiles, stopping: AbortSignal): Promise<void> {
  try {
    const next = await run()
    await writeState(files, { phase: 'up', logs })
    for (const line of next) report({ say: line })
    report({ done: 0 })
  } catch (error) {
    if (stopping.aborted) return // it was removed while it ran
    await writeState(files, { phase: 'failed', logs })
    report({ say: `FAILED: ${error instanceof Error ? error.message : String(error)}` })
    report({ say: 'What was said last:' })
    for (const line of waitedFor()) report({ say: `  ${line}` })
    report({ say: `Logs are in ${logs}; it stays as it is until \`make demo-down\`` })
    report({ done: 1 })
  }
}

function report(message: Report): void {
  if (process.connected) process.send?.(message)
}
