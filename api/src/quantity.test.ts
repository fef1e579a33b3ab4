import fc from 'fast-check'
import { expect, it } from 'vitest'
import { amountOf, isSameAmount } from './quantity.ts'

it.each([
  ['1024Mi', '1Gi'],
  ['1000m', 1],
  ['0.5', '500m'],
  ['1e3', '1k'],
  ['1E', '1e18'],
  ['.5Gi', '512Mi'],
])('%s is the same amount as %s', (a, b) => {
  expect(isSameAmount(a, b)).toBe(true)
})

it.each(['', 'x', '1Gb', '1 Gi', '--1', '1Gi; rm'])('%j is no amount, and so never the same', text => {
  expect(amountOf(text)).toBeUndefined()
  expect(isSameAmount(text, text)).toBe(false)
})

it('tells amounts apart', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.constantFrom('', 'Ki', 'Mi', 'Gi', 'k', 'M'), (a, b, suffix) => {
      expect(isSameAmount(`${a}${suffix}`, `${b}${suffix}`)).toBe(a === b)
    }),
  )
})
