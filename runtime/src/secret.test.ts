// A value that does not print itself — core
import { format, inspect } from 'node:util'
import { expect, test } from 'vitest'
import { Secret } from './secret.ts'

const value = 'abcdef.0123456789abcdef'
const secret = new Secret(value)
/** The linter forbids this; someone will do it all the same. */
const careless = secret as unknown as string

test.each([
  ['a template', `${careless}`],
  ['concatenation', ''.concat(String(secret))],
  ['JSON', JSON.stringify({ nested: [secret] })],
  ['the inspector', inspect({ nested: { deep: [secret] } }, { showHidden: true, depth: 9 })],
  ['a format string', format('%s %o %j', secret, secret, secret)],
  ['a copy of its properties', JSON.stringify({ ...(secret as object) })],
  ['an error message', String(new Error(`refused ${careless}`))],
])('%s does not show it', (_, printed) => {
  expect(printed).not.toContain(value)
})

test('the inspector says what it is', () => {
  expect(inspect({ secret })).toBe('{ secret: [secret] }')
})

test('reveal gives it', () => {
  expect(secret.reveal()).toBe(value)
})
