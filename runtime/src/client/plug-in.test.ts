// Credentials from a program that the kubeconfig names — shell
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ArmedClock, armedClock } from '../testing/armed-clock.ts'
import type { ConnectionConfig } from './connection.ts'
import { loadConnection } from './load-connection.ts'

let directory: string
let clock: ArmedClock

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plug-in-'))
  clock = armedClock()
})
afterEach(() => rm(directory, { recursive: true }))

const apiVersion = 'client.authentication.k8s.io/v1'
const ca = '-----BEGIN CERTIFICATE-----\nca\n-----END CERTIFICATE-----\n'

async function connectionOf(user: object): Promise<ConnectionConfig> {
  const cluster = { server: 'https://10.0.0.1', 'certificate-authority-data': Buffer.from(ca).toString('base64') }
  const path = join(directory, 'config')
  const config = {
    'current-context': 'c',
    clusters: [{ name: 'k', cluster }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
  }
  await writeFile(path, JSON.stringify(config))
  return loadConnection({ userAgent: 'test/1', clock, env: { HOME: directory }, kubeconfig: path })
}

/** The script lies beside the kubeconfig; its argument is the folder. */
async function plugIn(script: string, more: object = {}): Promise<ConnectionConfig['credentials']> {
  const file = join(directory, 'plug-in')
  await writeFile(file, `#!/bin/sh\n${script}\n`)
  await chmod(file, 0o755)
  const { credentials } = await connectionOf({ exec: { apiVersion, command: './plug-in', args: [directory], ...more } })
  return credentials
}

const failure = async (credentials: ConnectionConfig['credentials']): Promise<string> => {
  const error: unknown = await credentials.present().catch((thrown: unknown) => thrown)
  return error instanceof Error ? inspect(error) : 'no error'
}

/** Counts its runs, and gives the count as the token. */
const counting = (more = ''): string =>
  `echo run >> "$1/runs"\nprintf '{"status":{"token":"token-%s"${more}}}' "$(wc -l < "$1/runs" | tr -d ' ')"`

test('it runs once, and again after a refusal', async () => {
  const credentials = await plugIn(counting())
  const first = await credentials.present()
  await clock.advance(120_000)
  const known = await credentials.present()
  credentials.refused?.(known)
  const tokens = [first, known, await credentials.present()].map(({ token }) => token)
  expect(tokens).toEqual(['token-1', 'token-1', 'token-2'])
})

test('it runs again when what it gave has expired', async () => {
  const expirationTimestamp = new Date(clock.now().getTime() + 90_000).toISOString()
  const credentials = await plugIn(counting(`,"expirationTimestamp":"${expirationTimestamp}"`))
  const tokens: unknown[] = []
  for (let minute = 0; minute < 3; minute++) {
    tokens.push((await credentials.present()).token)
    await clock.advance(60_000)
  }
  expect(tokens).toEqual(['token-1', 'token-1', 'token-2'])
})

test('it may give a client certificate', async () => {
  const credentials = await plugIn(`echo '{"status":{"clientCertificateData":"CERT","clientKeyData":"KEY"}}'`)
  expect(await credentials.present()).toMatchObject({ certificate: { cert: 'CERT', key: 'KEY' } })
})

test('it is told its environment, that nobody answers, and the cluster if it wants to know', async () => {
  const script = `cat > "$1/stdin"\nprintf '%s %s' "$COLOR" "$KUBERNETES_EXEC_INFO" | base64 -w0 > "$1/asked"
    printf '{"status":{"token":"%s"}}' "$(cat "$1/asked")"`
  const env = [{ name: 'COLOR', value: 'red' }]
  const ask = async (more: object): Promise<unknown> => {
    const credentials = await plugIn(script, { env, ...more })
    const [, info = ''] =
      /^red (.*)$/.exec(Buffer.from((await credentials.present()).token ?? '', 'base64').toString()) ?? []
    return JSON.parse(info)
  }
  const plain = { apiVersion, kind: 'ExecCredential', spec: { interactive: false } }
  expect(await ask({})).toEqual(plain)
  const cluster = { server: 'https://10.0.0.1', 'certificate-authority-data': Buffer.from(ca).toString('base64') }
  expect(await ask({ provideClusterInfo: true })).toEqual({ ...plain, spec: { interactive: false, cluster } })
})

test('it is ended when it gives no answer', async () => {
  const credentials = await plugIn('exec sleep 600')
  const failed = expect(credentials.present()).rejects.toThrow('(no answer within 30 s)')
  await clock.armed(ms => ms === 30_000)
  await clock.advance(30_000)
  await failed
})

test.each([
  ['fails', 'echo hunter2; echo hunter2 >&2; exit 3', 'the credential plug-in failed (exit code 3)'],
  ['prints no JSON', 'echo hunter2', 'printed neither token nor certificate'],
  ['prints half', `echo '{"status":{"clientKeyData":"hunter2"}}'`, 'printed neither token nor certificate'],
])('one that %s is named by its field, and nothing that it said is repeated', async (_, script, why) => {
  const said = await failure(await plugIn(script))
  expect(said).toContain('kubeconfig: users[0].user.exec: ')
  expect(said).toContain(why)
  expect(said).not.toContain('hunter2')
})

test('one that is not there is named by its field', async () => {
  const { credentials } = await connectionOf({ exec: { apiVersion, command: 'no-such-plug-in' } })
  await expect(credentials.present()).rejects.toThrow('users[0].user.exec: the credential plug-in failed (ENOENT)')
})

test('what would ask a person, and what Kubernetes gave up, is refused at once', async () => {
  await expect(plugIn('', { interactiveMode: 'Always' })).rejects.toThrow('users[0].user.exec: asks a person')
  await expect(connectionOf({ 'auth-provider': { name: 'gcp' } })).rejects.toThrow('users[0].user.auth-provider: ')
})
