// What attacks of one tenant cost another one, and how much memory they take — shell
import { measureInE2e } from './in-e2e.ts'
import type { Scenario } from './scenario.ts'

export const hostile: Scenario = {
  name: 'hostile',
  description: "the data of a tenant's Machine while others attack both managers, relative to without",
  isSlow: true,
  async run({ leaveOut }) {
    const report = await measureInE2e('hostile.ts')
    if ('rows' in report) return report.rows
    leaveOut('hostile', report.unavailable)
    return []
  },
}
