// The parts of a bootstrap token — core
import { expect, test } from 'vitest'
import { expirationData, expirationIn, tokenData, tokenInData } from './bootstrap-token.ts'

const token = { id: 'abcdef', secret: '0123456789abcdef' }
const encoded = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(values).map(([key, text]) => [key, Buffer.from(text).toString('base64')]))

test('what is written is read again', () => {
  expect(tokenInData(tokenData(token))).toEqual(token)
  expect(expirationIn(expirationData(new Date('2026-05-01T00:00:00.500Z')))).toEqual(new Date('2026-05-02T00:00:00Z'))
})

test.each([
  ['nothing', {}],
  ['an id of another length', { 'token-id': 'abc', 'token-secret': token.secret }],
  ['capitals', { 'token-id': 'ABCDEF', 'token-secret': token.secret }],
  ['no secret', { 'token-id': token.id }],
])('%s is no token', (_, values) => {
  expect(tokenInData(encoded(values))).toBeUndefined()
})

test('what is no time does not expire', () => {
  expect(expirationIn(encoded({ expiration: 'soon' }))).toBeUndefined()
  expect(expirationIn(undefined)).toBeUndefined()
})
