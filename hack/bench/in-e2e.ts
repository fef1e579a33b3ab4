// Rows that a program of e2e measures, which alone may know the harness — shell
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { spawnBound } from '../tools/bound-child.ts'
import type { Row } from './row.ts'

const folder = join(import.meta.dirname, '..', '..', 'e2e', 'bench')

/** What it printed: rows, or why there are none. */
export type Report = { readonly rows: readonly Row[] } | { readonly unavailable: string }

export async function measureInE2e(program: string, args: readonly string[] = []): Promise<Report> {
  const child = spawnBound(process.execPath, [join(folder, program), ...args], { output: 'pipe' })
  const { stdout, stderr } = child.process
  if (!stdout || !stderr) throw new Error(`${program} has no output`)
  stderr.pipe(process.stderr, { end: false })
  const printed = await text(stdout)
  await child.gone
  if (child.process.exitCode !== 0) throw new Error(`Nothing was measured: e2e/bench/${program} ended with an error`)
  return JSON.parse(printed) as Report
}
