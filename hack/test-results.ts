// What a run of vitest says, counted — core

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

interface VitestTest {
  readonly fullName: string
  readonly status: string
  readonly failureMessages?: readonly string[]
}

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly VitestTest[]
  }[]
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numTotalTests: number
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
    // vitest's own number leaves out those of a block that is skipped within a skipped one
    skipped: report.numTotalTests - report.numPassedTests - failed,
  }
}

/** What no machine brings by itself: a scenario with the real k0s says so in its title, and may be skipped anywhere. */
const excuse = /the real k0s needs [^()]+/

/** Skipped tests, by the reason in their title. */
export function excused(json: string | undefined): ReadonlyMap<string, number> {
  const reasons = filesOf(json).flatMap(({ assertionResults }) =>
    assertionResults.filter(isSkipped).flatMap(({ fullName }) => excuse.exec(fullName) ?? []),
  )
  return new Map([...new Set(reasons)].map(reason => [reason, reasons.filter(one => one === reason).length]))
}

/**
 * What did not run and says no reason that counts: a file as a whole, or one test of it. A layer may look well tested
 * without them. A file that does not load, or whose set-up failed, is a failure.
 */
export function silentTests(json: string | undefined): readonly string[] {
  return filesOf(json)
    .filter(({ status }) => status !== 'failed')
    .flatMap(({ name, assertionResults }) => {
      const silent = assertionResults.filter(one => isSkipped(one) && !excuse.test(one.fullName))
      return silent.length === assertionResults.length ? [name] : silent.map(one => `${name}: ${one.fullName}`)
    })
}

/** What failed: a test with the first line of why, or a file that does not load. The end of a log may be all that is kept. */
export function failedTests(json: string | undefined): readonly string[] {
  return filesOf(json)
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, assertionResults }) => {
      const failed = assertionResults.filter(({ status }) => status === 'failed')
      return failed.length === 0 ? [name] : failed.map(one => `${name}: ${one.fullName}: ${firstLine(one)}`)
    })
}

function filesOf(json: string | undefined): VitestReport['testResults'] {
  return json === undefined ? [] : (JSON.parse(json) as VitestReport).testResults
}

function firstLine({ failureMessages: [message = ''] = [] }: VitestTest): string {
  return message.split('\n', 1)[0] ?? ''
}

function isSkipped({ status }: VitestTest): boolean {
  return status !== 'passed' && status !== 'failed'
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
