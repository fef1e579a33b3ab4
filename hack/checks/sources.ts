// The TypeScript files of the repository — shell
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { execFile } from '../programs/start.ts'

export const root: string = join(import.meta.dirname, '..', '..')

export interface Source {
  /** Relative to the root, with slashes. */
  readonly path: string
  readonly text: string
}

/** The paths of tracked and new files alike; what git ignores is not ours. */
export async function filesOf(pattern: string): Promise<string[]> {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '--', pattern]
  const { stdout } = await promisify(execFile)('git', list, { cwd: root })
  return stdout.split('\n').filter(path => path !== '' && existsSync(join(root, path)))
}

export async function sources(): Promise<Source[]> {
  const paths = await filesOf('*.ts')
  return Promise.all(paths.map(async path => ({ path, text: await readFile(join(root, path), 'utf8') })))
}

export function isTest(path: string): boolean {
  return /\.test(-d)?\.ts$/.test(path) || path.includes('/test/') || path.includes('/testing/')
}

/** Prints what is wrong; the process then ends with 1. */
export function report(what: string, faults: readonly string[]): void {
  if (faults.length === 0) {
    console.log(`${what}: nothing found`)
    return
  }
  console.error(`${what}: ${faults.length} found\n${faults.map(fault => `  ${fault}`).join('\n')}`)
  process.exitCode = 1
}
