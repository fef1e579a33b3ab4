// `make demo` and `make demo-down` as a person runs them, with everything that the demo tells to try — shell
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { labUnavailable } from '@k0smotron-ts/hack/lab'
import { type ChildProcess, execFile, spawn } from '@k0smotron-ts/hack/programs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DemoState, filesOf } from '../demo/state.ts'
import { realK0sUnavailable } from '../harness/real-k0s.ts'
import { ownLab } from './support/own-lab.ts'
import { left, type Traces, tracesOf } from './support/traces.ts'

const unavailable = labUnavailable()
const repository = join(import.meta.dirname, '..', '..')
const name = ownLab('demo-test')
const files = filesOf(name)
const run = promisify(execFile)

interface Running {
  /** Resolves when it says so. */
  says(words: string): Promise<void>
  readonly ended: Promise<Ended>
}

interface Ended {
  readonly code: number | null
  /** What it said, without the times. */
  readonly lines: readonly string[]
}

/** Of another name: a person's own may be up. */
function demo(target: 'demo' | 'demo-down'): Running {
  const args = ['--silent', target, `ARGS=--name ${name}`]
  const child = spawn('make', args, { cwd: repository, stdio: ['ignore', 'ignore', 'pipe'] })
  let text = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  return {
    async says(words) {
      while (!text.includes(words)) await Promise.race([once(child.stderr, 'data'), failWhenClosed(child)])
    },
    ended: once(child, 'close').then(([code]) => ({
      code: code as number | null,
      lines: text.split('\n').map(line => line.replace(/^\[ *[\d.]+ s\] /, '')),
    })),
  }
}

async function failWhenClosed(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, 'close')) as [number | null]
  throw new Error(`It ended with ${code} before`)
}

/** The process in the background that has the demo. */
async function holderPid(): Promise<number> {
  const { owner } = JSON.parse(await readFile(files.state, 'utf8')) as DemoState
  return owner.pid
}

describe.skipIf(unavailable)(unavailable ?? 'make demo', () => {
  const pids: number[] = []
  const seen = (): Promise<Traces> => tracesOf({ name, pids })
  let before: Traces
  let told: Ended

  beforeAll(async () => {
    before = await seen()
  })

  afterAll(async () => {
    await demo('demo-down').ended
  })

  test('says so and fails when it is killed', async () => {
    const child = demo('demo')
    await child.says('CRDs and RBAC')
    const pid = await holderPid()
    pids.push(pid)
    process.kill(pid, 'SIGKILL')
    expect(await child.ended).toMatchObject({
      code: 2, // of make
      lines: expect.arrayContaining(['The demo has ended before it was up']),
    })
  })

  test('removes what a killed one left, and proves that a worker joined', async () => {
    told = await demo('demo').ended
    expect(told.lines).toContain('Removing what is left of an earlier demo')
    expect(told.lines.filter(line => line.startsWith('proven: '))).toHaveLength(5)
    if (realK0sUnavailable()) expect(told.lines).toContainEqual(expect.stringMatching(/^ +K0S_IMAGE_ARCHIVE: /))
    expect(told.code, told.lines.join('\n')).toBe(0)
    pids.push(await holderPid())
    expect((await seen()).own).toContainEqual(expect.stringContaining('kube-apiserver '))
  })

  test('what it tells to try works', async () => {
    const start = told.lines.indexOf('It stays up. Next commands to try:') + 1
    const commands = told.lines.slice(start).filter(line => line.startsWith('  '))
    expect(commands.length).toBeGreaterThan(8)
    const script = ['set -eu', 'export CLUSTERCTL_DISABLE_VERSIONCHECK=true', ...commands].join('\n')
    const { stdout } = await run('sh', ['-c', script])
    expect(stdout).toContain('hello from demo-md-0-')
    expect(stdout).toContain('cluster.cluster.x-k8s.io "demo" deleted')
  })

  test('twice says that it is up', async () => {
    expect(await demo('demo').ended).toMatchObject({
      code: 0,
      lines: expect.arrayContaining([expect.stringContaining(`export KUBECONFIG=${files.kubeconfig}`)]),
    })
  })

  test('make demo-down removes everything, and says when there is nothing', async () => {
    expect(await demo('demo-down').ended).toMatchObject({
      code: 0,
      lines: expect.arrayContaining(['The demo is removed']),
    })
    expect(left(before, await seen())).toEqual([])
    await expect(readFile(files.state)).rejects.toThrow('ENOENT')
    expect(await demo('demo-down').ended).toMatchObject({
      code: 0,
      lines: expect.arrayContaining(['There is no demo']),
    })
  })
})
