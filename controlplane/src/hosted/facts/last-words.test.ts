import { expect, it } from 'vitest'
import { lacksInotify, lastErrorOf, lastWords, steadyWords } from './last-words.ts'

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
  ['no password with a slash', 'Error: k0s:pa/ss@tcp(db:3306)/prod', 'Error: k0s:(hidden)@tcp(db:3306)/prod'],
  ['no password with an @', 'dial mysql://k0s:p@ss@db:3306/prod', 'dial mysql://k0s:(hidden)@db:3306/prod'],
  ['no password with a quote', `Error: k0s:pa"s's@tcp(db)/prod`, 'Error: k0s:(hidden)@tcp(db)/prod'],
  ['no token', 'token=abc.def password: "hunter2"', 'token=(hidden) password: (hidden)'],
  ['no password of several words', `password='my pass word' user=k0s`, 'password=(hidden) user=k0s'],
  ['no header', 'sent Authorization: Basic azBzOnBhc3M= and more', 'sent Authorization: (hidden)'],
  ['no bearer token', 'refused Bearer 0123456789abcdef', 'refused Bearer (hidden)'],
  ['no key of an API', '{"apiKey":"abc","host":"db"}', '{"apiKey":(hidden),"host":"db"}'],
  ['no key of a cloud', 'AWS_SECRET_ACCESS_KEY=abc/def failed', 'AWS_SECRET_ACCESS_KEY=(hidden) failed'],
  ['a key that is a name', 'Error: unknown key: nonsense', 'Error: unknown key: nonsense'],
  ['no signed token', 'Error: eyJhbGciOi.eyJzdWIi.c2ln expired', 'Error: (hidden) expired'],
  [
    'an address with a port',
    'Error: dial tcp 10.0.0.1:2379: connection refused',
    'Error: dial tcp 10.0.0.1:2379: connection refused',
  ],
])('%s', (_, message, words) => {
  expect(lastWords(message)).toBe(words)
})

const ofK0s = String.raw`time="2026-05-01 10:00:00" level=info msg="\x1b[31mERRO\x1b[0m[2026-05-01T10:00:00Z] no: k0s:pa+ss@tcp(db)" component=kine`
const ofKine = 'component=kine \u001b[31mFATA\u001b[0m[2026-05-01T10:00:00Z] failed: Access denied'

it.each<[string, string | undefined, string | undefined]>([
  ['nothing', undefined, undefined],
  ['no error', 'component=kine \u001b[36mINFO\u001b[0m[2026-05-01T10:00:00Z] starting\nError: not ready', undefined],
  ["another component's", ofKine.replace('kine', 'kube-apiserver'), undefined],
  ['one that is quoted', `${ofK0s}\nError: kine is not ready`, 'no: k0s:(hidden)@tcp(db)" component=kine'],
  ['the last of several', `${ofK0s}\n${ofKine}\nError: kine is not ready\n`, 'failed: Access denied'],
  ['one that is cut', `${ofKine}${'x'.repeat(500)}`, `failed: Access denied${'x'.repeat(279)}…`],
])('of a component, the last error: %s', (_, message, words) => {
  expect(lastErrorOf('kine', message)).toBe(words)
})

it.each<[boolean, string | undefined]>([
  [true, 'Error: inotify_init: too many open files'],
  [
    true,
    'level=error msg="Failed to create watcher" component=applier error="too many open files"\nError: exit status 1',
  ],
  [true, 'level=error error="too many open files" msg="Failed to create watcher"'],
  [true, 'F0501 10:00:00.1 1 server.go:12] error creating fsnotify watcher: too many open files'],
  [false, 'Error: accept tcp [::]:6443: too many open files'],
  [false, 'starting watcher\nError: open /var/lib/k0s/x: too many open files'],
  [false, undefined],
])('that inotify instances are missing: %s for %j', (lacks, message) => {
  expect(lacksInotify(message)).toBe(lacks)
})

it('is bounded, whatever is written', () => {
  const words = lastWords(`first\n${'x'.repeat(1_000_000)}`)
  expect(words).toHaveLength(301)
  for (const text of ['a.', 'a:', 'a-key="', 'password ', '@a:']) {
    expect(lastWords(`${text.repeat(200_000)}:`)?.length).toBeLessThanOrEqual(301)
  }
})

it.each([
  [
    'pods "x" is forbidden: exceeded quota: q, requested: pods=1, used: pods=19, limited: pods=19',
    'pods "x" is forbidden: exceeded quota: q, requested: pods=1',
  ],
  [
    '0/3 nodes are available: 1 node(s) had untolerated taint {a: b}, 2 Insufficient cpu. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.',
    'no node is available: Insufficient cpu, node(s) had untolerated taint {a: b}',
  ],
  [
    '0/4 nodes are available: 2 node(s) had untolerated taint {a: b}, 2 Insufficient cpu.',
    'no node is available: Insufficient cpu, node(s) had untolerated taint {a: b}',
  ],
  [
    '0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.',
    'no node is available: pod has unbound immediate PersistentVolumeClaims',
  ],
  ['0/1 nodes are available', '0/1 nodes are available'],
  ['denied the request: mount 3', 'denied the request: mount 3'],
])('of "%s" the words stay that do not follow what others run', (message, words) => {
  expect(steadyWords(message)).toBe(words)
})
