// Conditions that the API server takes — core
import { expect, test } from 'vitest'
import { conditionsOf } from './conditions.ts'

const now = new Date('2026-05-01T00:00:00Z')
const messageOf = (message: string): string | undefined =>
  conditionsOf([{ type: 'Ready', status: 'False', reason: 'X', message }], { generation: 1, live: undefined, now })[0]
    ?.message

test.each([
  ['one that fits', 'a'.repeat(10_240), 'a'.repeat(10_240)],
  ['one that does not', 'a'.repeat(10_241), `${'a'.repeat(10_239)}…`],
  ['one that would be cut within a character', `${'a'.repeat(10_238)}😀😀`, `${'a'.repeat(10_238)}…`],
])('a message never makes the status unwritable: %s', (_, message, written) => {
  expect(messageOf(message)).toBe(written)
})
