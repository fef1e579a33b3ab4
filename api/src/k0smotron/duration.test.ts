import { expect, it } from 'vitest'
import { parseDuration } from './duration.ts'

it.each([
  ['0', 0],
  ['0s', 0],
  ['30m', 1_800_000],
  ['1h30m', 5_400_000],
  ['1.5h', 5_400_000],
  ['500ms', 500],
  ['876000h', 876_000 * 3_600_000],
])('%s is %d milliseconds', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds)
})

it.each(['', '1', '24', '1d', '-1h', '+1h', '1 h', '1h; rm -rf /', '1.h', '.5h', '876001h', '9999999999h', '1h\n'])(
  '%j is none',
  text => {
    expect(parseDuration(text)).toBeUndefined()
  },
)
