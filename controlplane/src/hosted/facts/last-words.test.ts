import { expect, it } from 'vitest'
import { lastWords } from './last-words.ts'

it.each<[string, string | undefined, string | undefined]>([
  ['nothing', undefined, undefined],
  ['nothing but empty lines', '\n \n', undefined],
  [
    'the last line of several',
    'level=info msg=starting\nError: failed to load node config: unknown field "nonsense"\n\n',
    'Error: failed to load node config: unknown field "nonsense"',
  ],
  ['no time of k0s', 'time="2026-05-01 10:00:00" level=error msg="no"', 'level=error msg="no"'],
  ['no time of etcd', '{"level":"fatal","ts":"2026-05-01T10:00:00.1Z","msg":"no"}', '{"level":"fatal","msg":"no"}'],
  ['no time of klog', 'F0501 10:00:00.123456       1 server.go:12] no', 'no'],
  ['no colours and control characters', '\u001b[31mred\u001b[0m \u0007bell', 'red   bell'],
  [
    'no password of a datastore',
    'Error: dial postgres://k0s:pa%2Fss@db.example:5432/prod: refused',
    'Error: dial postgres://k0s:(hidden)@db.example:5432/prod: refused',
  ],
  ['no password of MySQL', 'Error: k0s:pa+ss@tcp(db:3306)/prod', 'Error: k0s:(hidden)@tcp(db:3306)/prod'],
  ['no token', 'token=abc.def password: "hunter2"', 'token=(hidden) password: "(hidden)"'],
  ['no signed token', 'Error: eyJhbGciOi.eyJzdWIi.c2ln expired', 'Error: (hidden) expired'],
  [
    'an address with a port',
    'Error: dial tcp 10.0.0.1:2379: connection refused',
    'Error: dial tcp 10.0.0.1:2379: connection refused',
  ],
])('%s', (_, message, words) => {
  expect(lastWords(message)).toBe(words)
})

it('is bounded, whatever is written', () => {
  const words = lastWords(`first\n${'x'.repeat(1_000_000)}`)
  expect(words).toHaveLength(301)
  expect(lastWords(`${'a.'.repeat(200_000)}:`)).toHaveLength(301)
})
