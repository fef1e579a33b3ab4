// How long a server wants not to be asked again — core
import { expect, test } from 'vitest'
import { ApiError } from '../client/api-error.ts'
import { retryAfterOf } from './retry-after.ts'

const refusal = (retryAfterMs?: number): ApiError =>
  new ApiError({
    reason: 'TooManyRequests',
    message: 'busy',
    request: 'GET /',
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })

test.each([
  ['a refusal with a time', refusal(30_000), 30_000],
  ['one without', refusal(), undefined],
  ['the longest of several', new AggregateError([refusal(), refusal(1_000), refusal(7_000), refusal(2_000)]), 7_000],
  ['one that another error wraps', new Error('workload', { cause: refusal(4_000) }), 4_000],
  ['what is no error', 'busy', undefined],
])('%s', (_, error, expected) => {
  expect(retryAfterOf(error)).toBe(expected)
})

test('causes that go round in a circle end', () => {
  const error = new Error('a')
  error.cause = error
  expect(retryAfterOf(error)).toBeUndefined()
})
