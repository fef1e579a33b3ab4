// One program of an environment: started, watched until it is ready, its log at hand when it is not — shell
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { BoundChild } from '../../tools/bound-child.ts'
import type { Workspace } from './workspace.ts'

export interface Component {
  readonly name: string
  readonly child: BoundChild
  /** The file that has everything the program printed. */
  readonly log: string
}

/** What to run under which name; the log is `<name>.log`. */
export interface Program {
  readonly name: string
  readonly path: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
}

export function startComponent(workspace: Workspace, { name, path, args, env }: Program): Component {
  const log = join(workspace.dir, `${name}.log`)
  const output = openSync(log, 'a')
  try {
    const options = { output, ...(env && { env: { ...process.env, ...env } }) }
    const component = { name, log, child: workspace.spawn(path, args, options) }
    component.child.process.once('exit', code => reportOwnEnd(component, code))
    return component
  } finally {
    closeSync(output)
  }
}

/** We end programs by a signal. One that ends with a code explains why a test waits in vain. */
function reportOwnEnd(component: Component, code: number | null): void {
  if (code !== null) process.stderr.write(`${component.name} ended with ${code}:\n${lastLines(component)}\n`)
}

const patience = 60_000

/** Resolves when the program is ready; throws the end of its log when it ends before or takes longer than a minute. */
export async function untilReady(component: Component, isReady: () => Promise<boolean> | boolean): Promise<void> {
  const { name, child } = component
  const deadline = Date.now() + patience
  while (!(await isReady())) {
    if (child.process.exitCode !== null || child.process.signalCode !== null) {
      throw new StartError(`${name} ended before it was ready`, lastLines(component))
    }
    if (Date.now() > deadline) throw new StartError(`${name} is not ready after a minute`, lastLines(component))
    await delay(20)
  }
}

/** A program that did not get ready. */
export class StartError extends Error {
  override readonly name = 'StartError'
  /** Somebody else took the port between our look and the program's. */
  readonly portTaken: boolean

  constructor(message: string, log: string) {
    super(`${message}; its log ends:\n${log}`)
    this.portTaken = /address already in use/.test(log)
  }
}

export function readLog({ log }: Component): string {
  return readFileSync(log, 'utf8')
}

function lastLines(component: Component): string {
  return readLog(component).trimEnd().split('\n').slice(-15).join('\n')
}
