// Where connections come from: files, the pod — shell
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ArmedClock, armedClock } from '../../testing/armed-clock.ts'
import type { ConnectionConfig } from '../transport/connection.ts'
import { inClusterConnection } from './in-cluster.ts'
import { loadConnection } from './load-connection.ts'

let directory: string
let clock: ArmedClock

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'connection-'))
  clock = armedClock()
})
afterEach(() => rm(directory, { recursive: true }))

const userAgent = 'test/1'
const write = async (name: string, content: string): Promise<string> => {
  const path = join(directory, name)
  await writeFile(path, content)
  return path
}

function kubeconfig(user: object, server = 'https://10.0.0.1:6443', cluster: object = {}): string {
  return JSON.stringify({
    'current-context': 'c',
    clusters: [{ name: 'k', cluster: { server, ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
  })
}

const load = (env: Record<string, string>, path?: string): Promise<ConnectionConfig> =>
  loadConnection({ userAgent, clock, env: { HOME: directory, ...env }, ...(path ? { kubeconfig: path } : {}) })

test('a flag wins over KUBECONFIG, that over the home directory; all missing is an error with the ways out', async () => {
  await expect(load({})).rejects.toThrow('--kubeconfig or KUBECONFIG')
  await mkdir(join(directory, '.kube'))
  await write('.kube/config', kubeconfig({}, 'https://home'))
  const first = await write('first', kubeconfig({}, 'https://first'))
  const flag = await write('flag', kubeconfig({}, 'https://flag'))

  expect((await load({})).server).toBe('https://home')
  expect((await load({ KUBECONFIG: `${directory}/missing:${first}` })).server).toBe('https://first')
  expect((await load({ KUBECONFIG: first }, flag)).server).toBe('https://flag')
})

test('a file that is missing is named', async () => {
  await expect(load({ KUBECONFIG: '/no/such/file' })).rejects.toThrow('kubeconfig /no/such/file cannot be read')
  const path = await write('config', kubeconfig({}, 'https://a', { 'certificate-authority': 'no-ca.crt' }))
  await expect(load({}, path)).rejects.toThrow(`clusters[0].cluster.certificate-authority: ${directory}/no-ca.crt`)
})

test('files beside the kubeconfig are found, and read again after a minute or a refusal', async () => {
  await write('token', 'first\n')
  await write('ca.crt', 'CA')
  const path = await write(
    'config',
    kubeconfig({ tokenFile: 'token' }, 'https://a', { 'certificate-authority': 'ca.crt' }),
  )
  const { ca, credentials } = await load({}, path)
  const first = await credentials.present()
  expect([ca, first]).toEqual(['CA', { token: 'first', ca: 'CA' }])

  await write('token', 'second')
  await write('ca.crt', 'CA of today')
  await clock.advance(59_999)
  expect(await credentials.present()).toEqual({ token: 'first', ca: 'CA' })
  await clock.advance(1)
  const second = await credentials.present()
  expect(second).toEqual({ token: 'second', ca: 'CA of today' })

  await write('token', 'third')
  credentials.refused?.(first) // an old request's refusal says nothing about the second token
  expect(await credentials.present()).toBe(second)
  credentials.refused?.(second)
  expect(await credentials.present()).toMatchObject({ token: 'third' })
})

test('an authority in a file is read again though the token stands in the kubeconfig', async () => {
  await write('ca.crt', 'CA')
  const cluster = { 'certificate-authority': 'ca.crt' }
  const { credentials } = await load({}, await write('config', kubeconfig({ token: 't' }, 'https://a', cluster)))
  expect(await credentials.present()).toEqual({ token: 't', ca: 'CA' })
  await write('ca.crt', 'CA of today')
  await clock.advance(60_000)
  expect(await credentials.present()).toEqual({ token: 't', ca: 'CA of today' })
})

test('a token file that cannot be read fails that request only', async () => {
  const path = await write('config', kubeconfig({ tokenFile: 'token' }))
  const { credentials } = await load({}, path)
  await expect(credentials.present()).rejects.toThrow('users[0].user.tokenFile')
  await write('token', 'there')
  expect(await credentials.present()).toEqual({ token: 'there' })
})

test('in a pod, the service account is used and its token read again; IPv6 is bracketed', async () => {
  await write('token', 'first')
  await write('ca.crt', 'CA')
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' }
  const connection = await inClusterConnection({ env, clock, userAgent, directory })
  expect(connection).toMatchObject({ server: 'https://[fd00::1]:443', ca: 'CA', userAgent })
  expect(await connection?.credentials.present()).toEqual({ token: 'first', ca: 'CA' })
  await write('token', 'second')
  await write('ca.crt', 'CA of today')
  await clock.advance(60_000)
  expect(await connection?.credentials.present()).toEqual({ token: 'second', ca: 'CA of today' })
})

test('outside of a pod there is no service account', async () => {
  expect(await inClusterConnection({ env: {}, clock, userAgent, directory })).toBeUndefined()
})

test.each(['exec', 'auth-provider'])(
  'a user with %s is refused by the name of the field, if it is the one to use',
  async plugIn => {
    const path = await write('config', kubeconfig({ [plugIn]: { command: 'login' } }))
    await expect(load({}, path)).rejects.toThrow(
      `users[0].user.${plugIn}: plug-ins are not run; give a tokenFile instead`,
    )
    const other = {
      ...JSON.parse(kubeconfig({ token: 't' })),
      users: [
        { name: 'x', user: { [plugIn]: {} } },
        { name: 'u', user: { token: 't' } },
      ],
    }
    const { credentials } = await load({}, await write('other', JSON.stringify(other)))
    expect(await credentials.present()).toEqual({ token: 't' })
  },
)
