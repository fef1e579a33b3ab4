// Which refusal is which error — core
import { expect, test } from 'vitest'
import { isAlreadyExists, isConflict, isGone } from './api-error.ts'
import { errorOfRefusal, errorOfTransport, errorOfWatch } from './status.ts'
import { TransportTimeout } from './transport/transport.ts'

const asked = { method: 'PUT', path: '/api/v1/namespaces/ns/configmaps/a?force=true' }
const statusText = (reason: string, message: string, details: object = { name: 'a' }): string =>
  JSON.stringify({ kind: 'Status', reason, message, details })

test.each([
  [404, 'NotFound', 'NotFound'],
  [409, 'Conflict', 'Conflict'],
  [409, 'AlreadyExists', 'AlreadyExists'],
  [422, 'Invalid', 'Invalid'],
  [403, 'Forbidden', 'Forbidden'],
  [401, 'Unauthorized', 'Unauthorized'],
  [410, 'Expired', 'Gone'],
  [410, 'Gone', 'Gone'],
  [429, 'TooManyRequests', 'TooManyRequests'],
  [500, 'InternalError', 'Internal'],
  [500, 'ServerTimeout', 'Timeout'],
  [504, 'Timeout', 'Timeout'],
  [503, 'ServiceUnavailable', 'Unavailable'],
  [415, 'UnsupportedMediaType', 'Unknown'],
])('%i %s is %s', (code, reason, expected) => {
  expect(errorOfRefusal({ ...asked, code, body: statusText(reason, 'why') })).toMatchObject({
    reason: expected,
    code,
    message: 'why',
    request: 'PUT /api/v1/namespaces/ns/configmaps/a',
  })
})

test.each([
  [409, 'Conflict'],
  [502, 'Unavailable'],
  [404, 'NotServed'],
  [418, 'Unknown'],
])('%i without a Status is %s, and the body is not quoted', (code, reason) => {
  const error = errorOfRefusal({ ...asked, code, body: '<html>token=hunter2</html>' })
  expect(error.reason).toBe(reason)
  expect(error.message).not.toContain('hunter2')
})

test('the same failure gives the same text: source ports and pointers go', () => {
  const message =
    'failed calling webhook "v": Post "https://v.ns.svc:443/x": read tcp 10.0.0.7:51234->10.96.0.9:443: reset; at 0xc000a1b2c3'
  expect(errorOfRefusal({ ...asked, code: 500, body: statusText('InternalError', message) }).message).toBe(
    'failed calling webhook "v": Post "https://v.ns.svc:443/x": read tcp 10.96.0.9:443: reset; at 0x…',
  )
})

test('validation of a Secret names fields, never values', () => {
  const details = {
    causes: [{ field: 'data.password', reason: 'FieldValueInvalid', message: 'Invalid value: "hunter2"' }],
  }
  const error = errorOfRefusal({
    method: 'PATCH',
    path: '/api/v1/namespaces/ns/secrets/a?force=true',
    code: 422,
    body: statusText('Invalid', 'Secret "a" is invalid: data.password: Invalid value: "hunter2"', details),
  })
  expect(error.message).toBe('the Secret was refused (Invalid: data.password)')
  expect(JSON.stringify(error)).not.toContain('hunter2')
})

test('what else is said about a Secret stays', () => {
  const path = '/api/v1/namespaces/ns/secrets/a'
  const body = statusText('Forbidden', 'secrets "a" is forbidden: no')
  expect(errorOfRefusal({ method: 'GET', path, code: 403, body }).message).toBe('secrets "a" is forbidden: no')
})

test('the ERROR line of an expired watch is Gone, and so is its twin over HTTP', () => {
  const status = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version: 1 (5)' }
  expect(isGone(errorOfWatch(status, asked))).toBe(true)
  expect(isGone(errorOfRefusal({ ...asked, code: 410, body: JSON.stringify(status) }))).toBe(true)
})

test('no answer says why, and keeps the cause', () => {
  const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' })
  expect(errorOfTransport(cause, asked)).toMatchObject({
    reason: 'Unavailable',
    code: 0,
    message: 'the API server cannot be reached: connection refused',
    cause,
  })
  expect(errorOfTransport(new TransportTimeout('x'), asked).reason).toBe('Timeout')
})

test('a wait that the server asks for is passed on', () => {
  const body = statusText('TooManyRequests', 'busy', { retryAfterSeconds: 3 })
  expect(errorOfRefusal({ ...asked, code: 429, body }).retryAfterMs).toBe(3000)
  expect(errorOfRefusal({ ...asked, code: 429, body, retryAfterMs: 5000 }).retryAfterMs).toBe(5000)
})

test('predicates tell the two meanings of 409 apart', () => {
  const exists = errorOfRefusal({ ...asked, code: 409, body: statusText('AlreadyExists', 'x') })
  expect([isAlreadyExists(exists), isConflict(exists), isConflict(new Error('x'))]).toEqual([true, false, false])
})

const forbidden = (fields: object): string => JSON.stringify({ kind: 'Status', reason: 'Forbidden', ...fields })

test.each([
  ['seconds that are no number', { message: 'no', details: { retryAfterSeconds: 'x' } }],
  ['seconds that are an object', { message: 'no', details: { retryAfterSeconds: {} } }],
  ['seconds below zero', { message: 'no', details: { retryAfterSeconds: -1 } }],
  ['causes that are no list', { message: 'no', details: { causes: 'abc' } }],
  ['causes that are nothing', { message: 'no', details: { causes: [null, 5, { field: 7 }] } }],
  ['details that are nothing', { message: 'no', details: null }],
  ['a message that is a number', { message: 5 }],
  ['a message that is an object', { message: { a: 1 } }],
  ['a code that is a name', { message: 'no', code: 'constructor' }],
])('of a Status with %s, the rest counts', (_what, fields) => {
  for (const path of ['/api/v1/nodes', '/api/v1/namespaces/ns/secrets']) {
    const error = errorOfRefusal({ method: 'POST', path, code: 403, body: forbidden(fields) })
    expect(error).toMatchObject({ reason: 'Forbidden', code: 403, retryAfterMs: undefined })
    expect(error.message).toBe(typeof fields.message === 'string' ? 'no' : 'Forbidden')
    expect(error.causes.flatMap(cause => Object.keys(cause))).toEqual([])
  }
  const watched = errorOfWatch({ kind: 'Status', reason: 'Forbidden', ...fields }, { method: 'GET', path: '/x' })
  expect(watched).toMatchObject({ reason: 'Forbidden', retryAfterMs: undefined })
})

test.each(['constructor', '__proto__', 'toString', 5, null])('a reason of %j is none', reason => {
  const error = errorOfRefusal({ ...asked, code: 409, body: forbidden({ reason, message: 'no' }) })
  expect(error).toMatchObject({ reason: 'Conflict', message: 'no' })
})
