// Scenarios that need a lab, and what they share — shell
import { LabUnavailable, labUnavailable } from '@k0smotron-ts/hack/lab'
import type { Row } from '../row.ts'
import type { BenchOptions } from '../scenario.ts'

/** Where there can be no lab, the scenario is left out, and said why before anything is built for it. */
export async function inLab(
  scenario: string,
  options: BenchOptions,
  measure: (options: BenchOptions) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const unavailable = labUnavailable()
  try {
    if (unavailable !== undefined) throw new LabUnavailable(unavailable)
    return await measure(options)
  } catch (error) {
    if (!(error instanceof LabUnavailable)) throw error
    options.leaveOut(scenario, error.message)
    return []
  }
}

/** Seconds since it was made. */
export function stopwatch(): () => number {
  const startedAt = performance.now()
  return () => (performance.now() - startedAt) / 1000
}
