// Where connections come from: files, plug-ins, the pod — shell
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type ArmedClock, armedClock } from '../testing/armed-clock.ts'
import type { ConnectionConfig } from './connection.ts'
import { inClusterConnection } from './in-cluster.ts'
import { loadConnection } from './load-connection.ts'

let directory: string
let clock: ArmedClock

/** The product loads it when a plug-in runs; here its loading must not eat the time of one test. */
beforeAll(() => import('@kubernetes/client-node'), 60_000)
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
  expect([ca, first]).toEqual(['CA', { token: 'first' }])

  await write('token', 'second')
  await clock.advance(59_999)
  expect(await credentials.present()).toEqual({ token: 'first' })
  await clock.advance(1)
  const second = await credentials.present()
  expect(second).toEqual({ token: 'second' })

  await write('token', 'third')
  credentials.refused?.(first) // an old request's refusal says nothing about the second token
  expect(await credentials.present()).toEqual({ token: 'second' })
  credentials.refused?.(second)
  expect(await credentials.present()).toEqual({ token: 'third' })
})

test('a token file that cannot be read fails that request only', async () => {
  const path = await write('config', kubeconfig({ tokenFile: 'token' }))
  const { credentials } = await load({}, path)
  await expect(credentials.present()).rejects.toThrow('users[0].user.tokenFile')
  await write('token', 'there')
  expect(await credentials.present()).toEqual({ token: 'there' })
})

async function plugIn(script: string): Promise<ConnectionConfig> {
  const command = await write('plug-in', `#!/bin/sh\n${script}\n`)
  await chmod(command, 0o755)
  return load(
    {},
    await write('config', kubeconfig({ exec: { apiVersion: 'client.authentication.k8s.io/v1', command } })),
  )
}

test('an exec plug-in is run once, and again after a refusal', async () => {
  const { credentials } = await plugIn(
    `echo run >> "${'$'}(dirname "${'$'}0")/runs"
     echo '{"status":{"token":"token-'"${'$'}(wc -l < "${'$'}(dirname "${'$'}0")/runs" | tr -d ' ')"'"}}'`,
  )
  const first = await credentials.present()
  await clock.advance(120_000)
  const known = await credentials.present()
  credentials.refused?.(known)
  expect([first, known, await credentials.present()]).toEqual([
    { token: 'token-1' },
    { token: 'token-1' },
    { token: 'token-2' },
  ])
})

test('an exec plug-in may give a client certificate', async () => {
  const { credentials } = await plugIn(`echo '{"status":{"clientCertificateData":"CERT","clientKeyData":"KEY"}}'`)
  expect(await credentials.present()).toEqual({ certificate: { cert: 'CERT', key: 'KEY' } })
})

test('an exec plug-in that fails is named by its field', async () => {
  const { credentials } = await plugIn('exit 3')
  await expect(credentials.present()).rejects.toThrow('users[0].user.exec: the credential plug-in failed')
})

test('in a pod, the service account is used and its token read again; IPv6 is bracketed', async () => {
  await write('token', 'first')
  await write('ca.crt', 'CA')
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' }
  const connection = await inClusterConnection({ env, clock, userAgent, directory })
  expect(connection).toMatchObject({ server: 'https://[fd00::1]:443', ca: 'CA', userAgent })
  expect(await connection?.credentials.present()).toEqual({ token: 'first' })
  await write('token', 'second')
  await clock.advance(60_000)
  expect(await connection?.credentials.present()).toEqual({ token: 'second' })
})

test('outside of a pod there is no service account', async () => {
  expect(await inClusterConnection({ env: {}, clock, userAgent, directory })).toBeUndefined()
})
