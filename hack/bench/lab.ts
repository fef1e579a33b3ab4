// What needs real pods: measured in the lab — shell
import { measureInE2e } from './in-e2e.ts'
import type { Scenario } from './scenario.ts'

export const lab: Scenario = {
  name: 'lab',
  description: 'one control plane on real pods, from apply until it answers, and its deletion (root on Linux)',
  isSlow: false,
  async run({ rounds, leaveOut }) {
    leaveOut('lab, 1 → 3 replicas', 'a control plane of this release has one, more give condition NotSupported')
    const report = await measureInE2e('main.ts', [String(rounds)])
    if ('rows' in report) return report.rows
    leaveOut('lab', report.unavailable)
    return []
  },
}
