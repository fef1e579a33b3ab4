// The logger of a process: JSON lines — shell
import { expect, test } from 'vitest'
import { ApiError } from '../client/api-error.ts'
import type { Logger, LogLevel } from '../log.ts'
import { createLogger } from './logger.ts'

function captured(level: LogLevel, use: (log: Logger) => void): Record<string, unknown>[] {
  const lines: string[] = []
  use(createLogger({ level, output: { write: line => void lines.push(line) } }))
  return lines.map(line => JSON.parse(line))
}

test('a line has level by name, time, message and the fields of the logger and of the call', () => {
  const [line] = captured('info', log => {
    log.child({ controller: 'cluster' }).info({ Cluster: 'ns/name' }, 'Applying objects')
  })
  expect(line).toEqual({
    level: 'info',
    ts: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    controller: 'cluster',
    Cluster: 'ns/name',
    msg: 'Applying objects',
  })
})

test('a level prints itself and what is more severe', () => {
  const lines = captured('info', log => {
    log.debug({}, 'How')
    log.info({}, 'What')
    log.error({}, 'Wrong')
  })
  expect(lines.map(line => line.msg)).toEqual(['What', 'Wrong'])
})

const names = [
  'token',
  'tokens',
  'value',
  'data',
  'stringData',
  'password',
  'key',
  'tls.key',
  'kubeconfig',
  'authorization',
  'bearerToken',
  'Token',
  'refresh-token',
  'id-token',
  'ca.key',
  'privateKey',
  'passphrase',
  'Cookie',
  'set-cookie',
  'client-key-data',
  'clientSecret',
]
const places: [string, (name: string) => object][] = [
  ['at the top', name => ({ [name]: 'hunter2' })],
  ['one level down', name => ({ a: { [name]: 'hunter2' } })],
  ['two levels down', name => ({ a: { b: { [name]: { x: 'hunter2' } } } })],
  ['three levels down, through a list', name => ({ a: { b: [{ [name]: ['hunter2'] }] } })],
  ['five levels down', name => ({ a: { b: { c: { d: { e: { [name]: 'hunter2' } } } } } })],
  ['in what prints itself', name => ({ a: { toJSON: () => ({ [name]: 'hunter2' }) } })],
]

test.each(places)('what can be a secret is masked %s, in a call and in a child', (_, place) => {
  for (const name of names) {
    const text = JSON.stringify([
      captured('info', log => log.info(place(name), 'Call')),
      captured('info', log => log.child(place(name)).info({}, 'Child')),
    ])
    expect(text, name).not.toContain('hunter2')
    expect(text, name).toContain('[secret]')
  }
})

test('what only sounds like a secret is printed', () => {
  const fields = { Secret: 'ns/a', JoinTokenRequest: 'ns/b', metadata: { name: 'c' }, keys: 3, when: new Date(0) }
  const [line] = captured('info', log => log.info(fields, 'Seen'))
  expect(line).toMatchObject({ ...fields, when: '1970-01-01T00:00:00.000Z' })
})

test('what goes round in a circle, or too deep, ends', () => {
  const round: Record<string, unknown> = { name: 'a' }
  round.self = round
  const [line] = captured('info', log => log.child({ round }).info({ round }, 'Round'))
  expect(line).toMatchObject({ round: { name: 'a', self: { name: 'a' } } })
})

test('an error under another name says no more than an error does', () => {
  const cause = Object.assign(new Error('closed'), { code: 'E', headers: { authorization: 'Bearer hunter2' } })
  const [line] = captured('info', log => log.info({ cause }, 'Closed'))
  expect(line?.cause).toMatchObject({ name: 'Error', message: 'closed', code: 'E' })
  expect(JSON.stringify(line)).not.toContain('hunter2')
})

test('an object that is logged is not changed', () => {
  const object = { data: { token: 'hunter2' } }
  captured('info', log => log.info({ object }, 'Applied'))
  expect(object).toEqual({ data: { token: 'hunter2' } })
})

test('an error of the API server keeps reason, request, status and cause, but nothing of its body, and no stack', () => {
  const error = new ApiError({
    reason: 'NotFound',
    message: 'pods "a" not found',
    request: 'GET /api/v1/namespaces/ns/pods/a',
    code: 404,
    causes: [{ message: 'hunter2' }],
    cause: Object.assign(new Error('socket closed', { cause: undefined }), { code: 'UND_ERR_SOCKET', body: 'hunter2' }),
  })
  const [line] = captured('info', log => log.error({ error }, 'Pass failed'))
  expect(line?.error).toEqual({
    name: 'ApiError',
    message: 'pods "a" not found',
    reason: 'NotFound',
    request: 'GET /api/v1/namespaces/ns/pods/a',
    code: 404,
    cause: { name: 'Error', message: 'socket closed', code: 'UND_ERR_SOCKET' },
  })
})

test('an error that no one foresaw has its stack, an aggregate its parts', () => {
  const [line] = captured('info', log =>
    log.error({ error: new AggregateError([new TypeError('a')], 'two') }, 'Failed'),
  )
  expect(line?.error).toMatchObject({
    name: 'AggregateError',
    message: 'two',
    errors: [{ name: 'TypeError', message: 'a' }],
    stack: expect.stringContaining('logger.test.ts'),
  })
})

test('an aggregate of nothing but refusals has no stack', () => {
  const refusal = new ApiError({ reason: 'Conflict', message: 'changed', request: 'PUT /x' })
  const [line] = captured('info', log => log.error({ error: new AggregateError([refusal], 'one') }, 'Failed'))
  expect(line?.error).not.toHaveProperty('stack')
})

test('causes that go round in a circle end', () => {
  const error = new Error('a')
  error.cause = error
  const [line] = captured('info', log => log.error({ error }, 'Failed'))
  expect(JSON.stringify(line)).toContain('"message":"a"')
})

test('what is thrown without being an error is still said', () => {
  const [line] = captured('info', log => log.error({ error: 'just text' }, 'Failed'))
  expect(line?.error).toEqual({ name: 'string', message: 'just text' })
})
