// What a failed connection is called in a condition — core
import { expect, test } from 'vitest'
import { failureWords } from './failure-words.ts'

const withCode = (code: string, options?: ErrorOptions): Error =>
  Object.assign(new Error('words of a library; try running Node.js with --use-system-ca', options), { code })

test.each([
  ['ECONNREFUSED', 'connection refused'],
  ['ENOTFOUND', 'unknown host'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timed out'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its certificate is not signed by the expected authority'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate names another host'],
  ['CERT_HAS_EXPIRED', 'its certificate has expired'],
  ['ECONNRESET', 'connection closed by the other side'],
  ['ESOMETHINGNEW', 'ESOMETHINGNEW'],
])('%s: %s', (code, words) => {
  expect(failureWords(withCode(code))).toBe(words)
})

test('the code of what it wraps is found, a known one before an unknown one', () => {
  expect(failureWords(new TypeError('fetch failed', { cause: withCode('EHOSTUNREACH') }))).toBe('no route to the host')
  expect(failureWords(withCode('UND_ERR_ODD', { cause: withCode('ECONNRESET') }))).toBe(
    'connection closed by the other side',
  )
  expect(failureWords(new AggregateError([withCode('ECONNREFUSED')]))).toBe('connection refused')
})

test('what has no code, or goes round in a circle, has no words', () => {
  const round = new Error('words of a library')
  round.cause = round
  expect([failureWords(round), failureWords('text')]).toEqual([undefined, undefined])
})
