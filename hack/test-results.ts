// What a run of vitest says, counted — core

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
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

/** The files of which no test ran: a layer may look well tested without them. One that does not load is a failure. */
export function silentFiles(json: string | undefined): readonly string[] {
  if (json === undefined) return []
  const { testResults } = JSON.parse(json) as VitestReport
  const ran = ({ status }: { readonly status: string }): boolean => status === 'passed' || status === 'failed'
  return testResults
    .filter(({ status, assertionResults }) => status !== 'failed' && !assertionResults.some(ran))
    .map(({ name }) => name)
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
