// Where programs come from: a given folder, the cache, a build; one build at a time — shell
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { execFile } from '../../programs/start.ts'
import { printOwner } from '../../tools/lock/owner.ts'

const main = join(import.meta.dirname, '../../tools/main.ts')
/** The smallest thing to make: it compiles nothing. */
const file = 'kwok-stages.yaml'

let cache: string

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'k0smotron-ts-tools-'))
})

afterEach(() => rm(cache, { recursive: true, force: true }))

interface Ended {
  readonly code: number | string
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command with a cache of its own. */
function tools(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const env = { ...process.env, XDG_CACHE_HOME: cache, ...environment }
  return new Promise(resolve => {
    execFile(process.execPath, [main, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stdout: stdout.trim(), stderr })
    })
  })
}

test('what is missing is built once, then taken from the cache', async () => {
  const first = await tools(['path', file])
  expect(first.stderr).toContain(`building ${file}`)
  expect(first.stdout.startsWith(join(cache, 'k0smotron-ts', 'bin', 'kwok-v0.8.0-'))).toBe(true)
  expect(await readFile(first.stdout, 'utf8')).toContain('name: pod-ready')

  const second = await tools(['path', file])
  expect(second).toEqual({ code: 0, stdout: first.stdout, stderr: '' })
})

test('what is asked for twice is built once', async () => {
  const { code, stderr } = await tools(['build', file, file])
  expect({ code, builds: stderr.split(`building ${file}`).length - 1 }, stderr).toEqual({ code: 0, builds: 1 })
})

test('a file in the given folder wins, whatever it is; what it lacks is built', async () => {
  const given = join(cache, 'given')
  await mkdir(given)
  await writeFile(join(given, 'kubectl'), '')

  expect(await tools(['path', 'kubectl'], { K0SMOTRON_TS_BIN: given })).toEqual({
    code: 0,
    stdout: join(given, 'kubectl'),
    stderr: '',
  })
  expect((await tools(['path', file], { K0SMOTRON_TS_BIN: given })).stdout).toContain(join(cache, 'k0smotron-ts'))
})

test('of two processes that need the same, one builds', async () => {
  const both = await Promise.all([tools(['path', file]), tools(['path', file])])

  expect(both.map(({ code }) => code)).toEqual([0, 0])
  expect(both[0].stdout).toBe(both[1].stdout)
  expect(both.filter(({ stderr }) => stderr.includes(`building ${file}`))).toHaveLength(1)
})

test('a build whose process was killed is taken over, and what it left is not mistaken for a result', async () => {
  const { stdout: path } = await tools(['path', file])
  const entry = dirname(path)
  const gone = execFile('true')
  const owner = { pid: gone.pid ?? 0, started: '1' }
  await once(gone, 'exit')
  await rm(path)
  await mkdir(join(entry, '.stage'))
  await writeFile(join(entry, '.stage', file), 'half')
  await writeFile(join(entry, '.lock'), printOwner(owner))

  expect((await tools(['path', file])).stdout).toBe(path)
  expect(await readFile(path, 'utf8')).toContain('name: pod-ready')
  await expect(stat(join(entry, '.lock'))).rejects.toThrow('ENOENT')
  await expect(stat(join(entry, '.stage'))).rejects.toThrow('ENOENT')
})

test('without Go it says what to do', async () => {
  const { code, stderr } = await tools(['build', 'kubectl', 'etcd'], { PATH: cache })

  expect(code).toBe(1)
  expect(stderr).toBe(
    'Go 1.26 or newer is needed, and there is no `go` in PATH. It builds etcd, etcdctl, kubectl. ' +
      'Install Go from https://go.dev/dl/, or put these files into a folder and name that folder in K0SMOTRON_TS_BIN.\n',
  )
})

test('a name that nothing makes is refused with those that are known', async () => {
  const { code, stderr } = await tools(['build', 'kubectI'])
  expect(code).toBe(1)
  expect(stderr).toMatch(/^No tool makes "kubectI"; known are .*kubectl/)
})
