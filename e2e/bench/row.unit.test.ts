// Rows and their verdicts — core
import { expect, test } from 'vitest'
import { isMissed, printRows, type Row } from './row.ts'

const row = (value: number, budget: number | null): Row => ({
  scenario: '100 control planes',
  metric: 'operator CPU',
  value,
  unit: 's',
  budget,
})

test.each<[string, Row, boolean]>([
  ['below', row(5.9, 6), false],
  ['exactly', row(6, 6), false],
  ['above', row(6.1, 6), true],
  ['none', row(1e9, null), false],
  ['not a number', row(Number.NaN, 6), true],
])('a budget is kept or missed: %s', (_, measured, missed) => {
  expect(isMissed(measured)).toBe(missed)
})

test('a table aligns its columns and says a verdict only beside a budget', () => {
  expect(printRows([{ ...row(5.12345, 6), last: '6.9–7.6' }, row(1234.5, 6), row(0, null)])).toBe(
    [
      'scenario            metric        value   last release  budget',
      '100 control planes  operator CPU  5.12 s  6.9–7.6       ≤ 6     ok',
      '100 control planes  operator CPU  1235 s                ≤ 6     MISSED',
      '100 control planes  operator CPU  0 s',
    ].join('\n'),
  )
})
