// The process in the background that has the demo until somebody says stop — shell
import { once } from 'node:events'
import { labUnavailable } from '@k0smotron-ts/hack/lab'
import type { Progress } from '../../hack/tools/progress.ts'
import type { Demo } from './demo.ts'
import { startInLab } from './in-lab.ts'
import { claimState, removeState, writeState } from './state.ts'
import { startWithoutMachines } from './without-machines.ts'

/** What it tells the process that waits for it. `done`: the exit code; from then on nobody listens. */
export type Report = { readonly say: string } | { readonly update: string } | { readonly done: number }

/** The flag of `up` for whoever could have machines and does not want them. */
export const withoutMachines = '--without-machines'

export async function hold(): Promise<void> {
  await claimState()
  try {
    // until here and while it starts, a signal ends this process at once, and everything with it
    await using demo = await start()
    await writeState({ phase: 'starting', logs: demo.logs })
    const stopping = new AbortController()
    const told = Promise.race(['SIGTERM', 'SIGINT'].map(signal => once(process, signal)))
    void told.then(() => stopping.abort())
    await Promise.race([show(demo, stopping.signal), told])
    await told
  } finally {
    await removeState()
  }
}

async function start(): Promise<Demo> {
  const progress: Progress = { say: say => report({ say }), update: update => report({ update }) }
  // nobody is left to be told: a person gave up
  const abandoned = (): never => process.exit(1)
  process.once('disconnect', abandoned)
  const reason = process.argv.includes(withoutMachines) ? 'it was asked for without machines' : labUnavailable()
  const demo = await (reason === undefined ? startInLab(progress) : startWithoutMachines(progress, reason))
  process.off('disconnect', abandoned)
  return demo
}

/** A failure leaves everything as it is, to be looked at. */
async function show({ run, logs, waitedFor }: Demo, stopping: AbortSignal): Promise<void> {
  try {
    const next = await run()
    await writeState({ phase: 'up', logs })
    for (const line of next) report({ say: line })
    report({ done: 0 })
  } catch (error) {
    if (stopping.aborted) return // it was removed while it ran
    await writeState({ phase: 'failed', logs })
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
