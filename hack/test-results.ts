// What a run of vitest says, counted — core

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly numFailedTestSuites: number
}

/** `exitCode` counts too: a file that does not even load fails without a failed test. */
export function countsOf(json: string | undefined, exitCode: number): Counts {
  if (json === undefined) return { passed: 0, failed: 1, skipped: 0 }
  const report = JSON.parse(json) as VitestReport
  const failed = report.numFailedTests
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? Math.max(1, report.numFailedTestSuites) : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

export function addUp(counts: readonly Counts[]): Counts {
  const sum = (pick: (one: Counts) => number) => counts.reduce((total, one) => total + pick(one), 0)
  return { passed: sum(one => one.passed), failed: sum(one => one.failed), skipped: sum(one => one.skipped) }
}

export function layerLine(layer: string, { passed, failed, skipped }: Counts): string {
  return `${layer.padEnd(12)} ${passed} passed, ${failed} failed, ${skipped} skipped`
}

/** Stands alone on the last line, for whoever reads nothing else. */
export function lastLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}
