import { expect, it } from 'vitest'
import { addUp, countsOf, lastLine, silentFiles } from './test-results.ts'

const report = (passed: number, failed: number, pending: number) =>
  JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: pending,
    numTodoTests: 0,
    numFailedTestSuites: 0,
  })

it.each([
  ['a good run', report(3, 0, 1), 0, { passed: 3, failed: 0, skipped: 1 }],
  ['failures', report(3, 2, 0), 1, { passed: 3, failed: 2, skipped: 0 }],
  ['a file that does not load', report(3, 0, 0), 1, { passed: 3, failed: 1, skipped: 0 }],
  ['a run that left no report', undefined, 0, { passed: 0, failed: 1, skipped: 0 }],
])('counts %s', (_, json, code, counts) => {
  expect(countsOf(json, code)).toEqual(counts)
})

it('adds up to the last line', () => {
  const counts = [
    { passed: 1, failed: 0, skipped: 2 },
    { passed: 10, failed: 3, skipped: 0 },
  ]
  expect(lastLine(addUp(counts))).toBe('11 passed, 3 failed, 2 skipped')
})

const file = (name: string, ...statuses: readonly string[]) => ({
  name,
  assertionResults: statuses.map(status => ({ status })),
})

it('names the files in which no test ran, however many ran in the others', () => {
  const testResults = [
    file('go', 'passed', 'passed'),
    file('lab', 'skipped', 'pending'),
    file('with each k0s', 'passed', 'skipped'),
    file('broken', 'failed', 'skipped'),
    file('planned', 'todo'),
    file('empty'),
  ]
  expect(silentFiles(JSON.stringify({ testResults }))).toEqual(['lab', 'planned', 'empty'])
})

it('takes a file that does not load for a failure, not for silent', () => {
  expect(silentFiles(JSON.stringify({ testResults: [{ ...file('x'), status: 'failed' }] }))).toEqual([])
  expect(silentFiles(undefined)).toEqual([])
})
