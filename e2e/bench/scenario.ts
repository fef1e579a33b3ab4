// What every scenario gets, and what it gives — core
import type { Row } from './row.ts'

export interface BenchOptions {
  /** Waiting takes ten seconds instead of a minute. */
  readonly quick: boolean
  /** Times on a shared machine vary: the best of so many runs counts. */
  readonly rounds: number
  /** Tells a person what goes on. */
  readonly say: (text: string) => void
  /** Tells what has a budget and was not measured, and why; a person sees it beside the figures. */
  readonly leaveOut: (what: string, why: string) => void
}

export interface Scenario {
  /** As on the command line. */
  readonly name: string
  readonly description: string
  /** Left out of `--quick`. */
  readonly isSlow: boolean
  run(options: BenchOptions): Promise<readonly Row[]>
}
