// A place where `k0s controller` runs as on a machine of its own: it listens on fixed ports and writes to /run/k0s — shell
import { mkdtemp, open, readFile, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { execFile, spawn } from '@k0smotron-ts/hack/programs'
import { spawnBound } from '@k0smotron-ts/hack/tools'

/** The address that the chamber has for itself; nothing outside reaches it. */
export const address = '192.0.2.1'

/** A program in a chamber. */
export interface Running {
  /** What it has printed so far. */
  log(): Promise<string>
  /** Sends TERM; resolves with the exit code. */
  stop(): Promise<number | null>
}

/** A network, mount and process namespace with a folder; all of it ends with this process. */
export interface Chamber {
  readonly folder: string
  /** Runs a program to its end and gives its standard output; throws when it fails. */
  run(program: string, args: readonly string[]): Promise<string>
  start(name: string, program: string, args: readonly string[]): Promise<Running>
  close(): Promise<void>
}

const setUp = `mount -t tmpfs tmpfs /run && mkdir /run/k0s && ip link set lo up && ip addr add ${address}/32 dev lo && echo ready`

export async function openChamber(): Promise<Chamber> {
  const folder = await mkdtemp(join(tmpdir(), 'k0s-stand-in-'))
  const flags = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc', '--propagation', 'private']
  const holder = spawnBound('unshare', [...flags, '--', 'sh', '-c', `${setUp} && exec sleep infinity`], {
    output: 'pipe',
  })
  await new Promise<void>((resolve, reject) => {
    holder.process.stdout?.once('data', () => resolve())
    void holder.gone.then(() => reject(new Error('The chamber could not be opened')))
  })
  const leader = await firstInside(holder.process.pid)
  const enter = ['-t', leader, '--mount', '--net', '--pid', '--']
  return {
    folder,
    run: async (program, args) =>
      (await promisify(execFile)('nsenter', [...enter, program, ...args], { cwd: folder, maxBuffer: 64e6 })).stdout,
    async start(name, program, args) {
      const file = join(folder, `${name}.log`)
      const output = await open(file, 'a')
      const child = spawn('nsenter', [...enter, program, ...args], {
        cwd: folder,
        stdio: ['ignore', output.fd, output.fd],
      })
      const ended = new Promise<number | null>(resolve => child.once('exit', code => resolve(code)))
      await output.close()
      return {
        log: () => readFile(file, 'utf8'),
        async stop() {
          process.kill(Number(await firstInside(child.pid)), 'SIGTERM') // nsenter passes no signal on
          return ended
        },
      }
    },
    async close() {
      await holder.kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The child that has a process namespace of its own. */
async function firstInside(pid: number | undefined): Promise<string> {
  const ours = await readlink('/proc/self/ns/pid')
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  for (const child of text.split(' ').filter(Boolean))
    if ((await readlink(`/proc/${child}/ns/pid`)) !== ours) return child
  throw new Error(`Process ${pid} has no child in the chamber`)
}

/** Asks until there is an answer; the test's own time limit ends it. */
export async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask().catch(() => undefined)
    if (answer !== undefined) return answer
    await delay(100)
  }
}
