// What needs real pods: measured in the lab, by a process of e2e, which alone may know the harness — shell
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { spawnBound } from '../tools/bound-child.ts'
import type { Row } from './row.ts'
import type { Scenario } from './scenario.ts'

const program = join(import.meta.dirname, '..', '..', 'e2e', 'bench', 'main.ts')

export const lab: Scenario = {
  name: 'lab',
  description: 'one control plane on real pods, from apply until it answers, and its deletion (root on Linux)',
  isSlow: false,
  async run({ rounds, leaveOut }) {
    leaveOut('lab, 1 → 3 replicas', 'a control plane of this release has one, more give condition NotSupported')
    const report = await measure(rounds)
    if ('rows' in report) return report.rows
    leaveOut('lab', report.unavailable)
    return []
  },
}

type Report = { readonly rows: readonly Row[] } | { readonly unavailable: string }

async function measure(rounds: number): Promise<Report> {
  const child = spawnBound(process.execPath, [program, String(rounds)], { output: 'pipe' })
  const { stdout, stderr } = child.process
  if (!stdout || !stderr) throw new Error('The lab has no output')
  stderr.pipe(process.stderr, { end: false })
  const printed = await text(stdout)
  await child.gone
  if (child.process.exitCode !== 0) throw new Error(`The lab was not measured: ${program} ended with an error`)
  return JSON.parse(printed) as Report
}
