// Which kubeconfigs are taken, and what the refusals say — shell
import { inspect } from 'node:util'
import { expect, test, vi } from 'vitest'
import { parseKubeconfig } from './kubeconfig.ts'
import { mergeKubeconfigs, selectContext } from './kubeconfig-context.ts'
import { connectionFromSecret } from './secret-connection.ts'

const pem = (text: string): string => Buffer.from(`-----BEGIN X-----\n${text}\n-----END X-----\n`).toString('base64')

interface Parts {
  readonly cluster?: object
  readonly user?: object
}

/** JSON is YAML. */
function kubeconfig({ cluster = {}, user = { token: 'hunter2' } }: Parts = {}): string {
  return JSON.stringify({
    'current-context': 'c',
    clusters: [{ name: 'k', cluster: { server: 'https://10.0.0.1:6443', ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
  })
}

const fromSecret = (document: string): ReturnType<typeof connectionFromSecret> =>
  connectionFromSecret(new TextEncoder().encode(document), 'test/1')

test('a kubeconfig that holds everything becomes a connection', async () => {
  const document = kubeconfig({
    cluster: { 'certificate-authority-data': pem('ca'), 'tls-server-name': 'kubernetes' },
    user: { 'client-certificate-data': pem('cert'), 'client-key-data': pem('key') },
  })
  const connection = fromSecret(document)
  expect(connection).toMatchObject({
    server: 'https://10.0.0.1:6443',
    ca: expect.stringContaining('\nca\n'),
    serverName: 'kubernetes',
    userAgent: 'test/1',
  })
  expect(await connection.credentials.present()).toEqual({
    certificate: { cert: expect.stringContaining('\ncert\n'), key: expect.stringContaining('\nkey\n') },
  })
})

test.each([
  ['clusters[0].cluster.insecure-skip-tls-verify', { cluster: { 'insecure-skip-tls-verify': true } }],
  ['clusters[0].cluster.proxy-url', { cluster: { 'proxy-url': 'http://hunter2@proxy' } }],
  ['clusters[0].cluster.server', { cluster: { server: 'hunter2' } }],
  ['clusters[0].cluster.server', { cluster: { server: 'https://root:hunter2@10.0.0.1' } }],
  ['clusters[0].cluster.server', { cluster: { server: 42 } }],
  ['clusters[0].cluster.certificate-authority-data', { cluster: { 'certificate-authority-data': 'hunter2' } }],
  ['users[0].user.username', { user: { username: 'root', password: 'hunter2' } }],
  ['users[0].user.as', { user: { token: 'hunter2', as: 'root' } }],
  ['users[0].user.client-key-data', { user: { 'client-certificate-data': pem('x'), 'client-key-data': 'hunter2' } }],
  ['users[0].user', { user: { 'client-certificate-data': pem('hunter2') } }],
  ['users[0].user', { user: 'hunter2' }],
])('%s is refused by name, without its content', (field, parts) => {
  const parse = (): unknown => parseKubeconfig(kubeconfig(parts as Parts))
  expect(parse).toThrow(`kubeconfig: ${field}`)
  expect(parse).not.toThrow('hunter2')
})

test.each([
  ['users[0].user.exec', { user: { exec: { command: 'sh', args: ['-c', 'hunter2'] } } }],
  ['users[0].user.auth-provider', { user: { 'auth-provider': { name: 'gcp' } } }],
  ['users[0].user.tokenFile', { user: { tokenFile: '/hunter2' } }],
  ['users[0].user.client-certificate', { user: { 'client-certificate': '/hunter2', 'client-key': '/hunter2' } }],
  ['clusters[0].cluster.certificate-authority', { cluster: { 'certificate-authority': '/hunter2' } }],
])('out of a Secret, %s is refused: it would run or read here', (field, parts) => {
  const document = kubeconfig(parts)
  expect(() => parseKubeconfig(document)).not.toThrow()
  expect(() => fromSecret(document)).toThrow(`kubeconfig: ${field}`)
  expect(() => fromSecret(document)).not.toThrow('hunter2')
})

test('out of a Secret, a plug-in of another user is refused too', () => {
  const parsed = JSON.parse(kubeconfig())
  parsed.users.push({ name: 'other', user: { exec: { command: 'sh' } } })
  expect(() => fromSecret(JSON.stringify(parsed))).toThrow('users[1].user.exec')
})

test('out of a Secret, plain HTTP is refused', () => {
  expect(() => fromSecret(kubeconfig({ cluster: { server: 'http://10.0.0.1' } }))).toThrow('https')
})

test('text that is no YAML is not quoted, not even as a cause', () => {
  const caught = vi.fn()
  try {
    parseKubeconfig('token: "hunter2')
  } catch (error) {
    caught(inspect(error))
  }
  expect(caught).toHaveBeenCalledWith(expect.stringContaining('kubeconfig: the document is not valid YAML'))
  expect(caught).not.toHaveBeenCalledWith(expect.stringContaining('hunter2'))
})

test.each(['', 'null', 'hunter2', '[]', '{}'])('a document like %j names no cluster, and says so', document => {
  expect(() => selectContext(parseKubeconfig(document))).toThrow(/^kubeconfig: /)
  expect(() => selectContext(parseKubeconfig(document))).not.toThrow('hunter2')
})

test('a false or empty field is as good as an absent one', () => {
  const document = kubeconfig({ cluster: { 'insecure-skip-tls-verify': false, 'proxy-url': '' } })
  expect(selectContext(parseKubeconfig(document)).cluster.server).toBe('https://10.0.0.1:6443')
})

test('the first of several files wins, name by name, as with kubectl', () => {
  const second = JSON.parse(kubeconfig({ cluster: { server: 'https://second' }, user: { token: 'second' } }))
  second.contexts.push({ name: 'only-second', context: { cluster: 'k', user: 'u' } })
  const merged = mergeKubeconfigs([kubeconfig(), JSON.stringify(second)].map(document => parseKubeconfig(document)))
  expect(selectContext(merged).cluster.server).toBe('https://10.0.0.1:6443')
  expect(selectContext(merged, 'only-second').user.token).toMatchObject({ text: 'hunter2' })
})

test('a context that is not there is named', () => {
  expect(() => selectContext(parseKubeconfig(kubeconfig()), 'nope')).toThrow('there is no context "nope"')
})
