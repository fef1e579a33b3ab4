// What a measurement found, beside what it must reach — core

export interface Row {
  readonly scenario: string
  readonly metric: string
  readonly value: number
  readonly unit: string
  /** The most that the value may be; `null` where there is nothing to reach. */
  readonly budget: number | null
  /** What the release before came to, where it was measured. */
  readonly last?: string
}

export function isMissed({ value, budget }: Row): boolean {
  return budget !== null && !(value <= budget)
}

/** A table for people; every budget has its verdict beside it. */
export function printRows(rows: readonly Row[]): string {
  const lines = rows.map(row => [
    row.scenario,
    row.metric,
    `${printNumber(row.value)} ${row.unit}`,
    row.last ?? '',
    row.budget === null ? '' : `≤ ${printNumber(row.budget)}`,
    verdict(row),
  ])
  const table = [['scenario', 'metric', 'value', 'last release', 'budget', ''], ...lines]
  const widths = [0, 1, 2, 3, 4, 5].map(column => Math.max(...table.map(line => (line[column] ?? '').length)))
  return table
    .map(line =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function verdict(row: Row): string {
  if (row.budget === null) return ''
  return isMissed(row) ? 'MISSED' : 'ok'
}

/** Three digits tell all that such a machine can tell. */
function printNumber(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 1000
    ? String(Math.round(value))
    : String(Number(value.toPrecision(3)))
}
