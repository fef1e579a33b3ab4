// The one place that starts programs of this machine: those that are declared, and no other — shell
import * as node from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { declaredIn, hostPrograms, missingProgram } from './declared.ts'

export type { ChildProcess } from 'node:child_process'
/** Starts our own source in the Node that runs this. */
export { fork } from 'node:child_process'

export const spawn: typeof node.spawn = onlyDeclared(node.spawn)
export const spawnSync: typeof node.spawnSync = onlyDeclared(node.spawnSync)
export const execFileSync: typeof node.execFileSync = onlyDeclared(node.execFileSync)
export const execFile: typeof node.execFile = Object.assign(onlyDeclared(node.execFile), {
  [promisify.custom]: async (...call: Parameters<typeof promised>) => onlyDeclared(promised)(...call),
}) as typeof node.execFile

const promised = promisify(node.execFile)

type Start = (program: string, ...rest: never[]) => unknown

/** Throws before anything starts, and says which package is missing. */
function onlyDeclared<F>(start: F): F {
  const checked: Start = (program, ...rest) => {
    requireDeclared(program, rest)
    return (start as Start)(program, ...rest)
  }
  return checked as F
}

/** `rest`: what Node's functions take after the program. */
export function requireDeclared(program: string, rest: readonly unknown[]): void {
  const args = rest.find(one => Array.isArray(one)) ?? []
  const options = rest.find(one => typeof one === 'object' && one !== null && !Array.isArray(one)) ?? {}
  const { env = process.env } = options as { readonly env?: NodeJS.ProcessEnv }
  if (program === process.execPath) return
  for (const name of declaredIn([program, ...(args as readonly string[])], process.env.K0SMOTRON_TS_BIN))
    if (!isThere(name, env)) throw new Error(missingProgram(name))
}

/** Those of the names that this machine does not have, or without what their package brings beside them. */
export function missingOf(
  names: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  system = '/usr/bin',
): readonly string[] {
  const isWhole = (name: string, proof: readonly string[]): boolean =>
    [join(system, name), name].some(path => node.spawnSync(path, proof, { env }).status === 0)
  return names.filter(name => {
    const proof = hostPrograms[name]?.proof
    return !isThere(name, env) || (proof !== undefined && !isWhole(name, proof))
  })
}

const isThere = (name: string, env: NodeJS.ProcessEnv = process.env): boolean =>
  (env.PATH ?? '').split(delimiter).some(folder => folder !== '' && existsSync(join(folder, name)))
