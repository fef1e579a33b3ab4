import { expect, it } from 'vitest'
import { addUp, countsOf, excused, failedTests, lastLine, silentTests } from './test-results.ts'

const report = (passed: number, failed: number, skipped: number) =>
  JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    numTotalTests: passed + failed + skipped,
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

const file = (name: string, tests: Readonly<Record<string, string>>, status = 'passed') => ({
  name,
  status,
  assertionResults: Object.entries(tests).map(([fullName, one]) => ({ fullName, status: one })),
})
const real = 'a cluster, real k0s (the real k0s needs K0S_IMAGE_ARCHIVE, K0S_BINARY) starts'

it('names what did not run, a file or a test, however much ran beside it', () => {
  const testResults = [
    file('go', { a: 'passed', b: 'passed' }),
    file('lab', { a: 'skipped', b: 'pending' }),
    file('cloud-init', { golden: 'passed', 'PyYAML reads back': 'skipped' }),
    file('broken', { a: 'failed', b: 'skipped' }, 'failed'),
    file('planned', { a: 'todo' }),
    file('empty', {}),
  ]
  const silent = ['lab', 'cloud-init: PyYAML reads back', 'planned', 'empty']
  expect(silentTests(JSON.stringify({ testResults }))).toEqual(silent)
})

it('lets scenarios with the real k0s be skipped, and counts them by what they need', () => {
  const json = JSON.stringify({ testResults: [file('clusters', { ours: 'passed', [real]: 'skipped' })] })
  expect(silentTests(json)).toEqual([])
  expect([...excused(json)]).toEqual([['the real k0s needs K0S_IMAGE_ARCHIVE, K0S_BINARY', 1]])
})

it('takes a lab that a machine does not have for no reason', () => {
  const json = JSON.stringify({ testResults: [file('lab', { ours: 'passed', 'a lab (it takes root)': 'skipped' })] })
  expect(silentTests(json)).toEqual(['lab: a lab (it takes root)'])
})

it('takes a file that does not load for a failure, not for silent', () => {
  expect(silentTests(JSON.stringify({ testResults: [file('x', {}, 'failed')] }))).toEqual([])
  expect(silentTests(undefined)).toEqual([])
})

it('names what failed, a test or a file that does not load', () => {
  const failureMessages = ['Error: 7 keys wait\n    at queue.ts:1:1']
  const testResults = [
    { name: 'queue', status: 'failed', assertionResults: [{ fullName: 'bounded', status: 'failed', failureMessages }] },
    file('broken', {}, 'failed'),
    file('go', { a: 'passed' }),
  ]
  expect(failedTests(JSON.stringify({ testResults }))).toEqual(['queue: bounded: Error: 7 keys wait', 'broken'])
  expect(failedTests(undefined)).toEqual([])
})
