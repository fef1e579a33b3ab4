// Somebody who follows the docs in a lab: a folder, the programs that the docs ask for, a machine — shell
import { mkdir, readFile, symlink } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Machine } from '@k0smotron-ts/hack/lab'
import { spawn } from '@k0smotron-ts/hack/programs'
import { binaries } from '@k0smotron-ts/hack/tools'
import { nameAsPublished } from '../harness/published-images.ts'
import type { ReleasedStage } from '../harness/released.ts'
import type { Page } from './pages.ts'
import { substituted } from './substitutes.ts'

/** So long all blocks of one part may take on a busy machine. */
const patienceMs = 900_000

const root = join(import.meta.dirname, '..', '..')

export interface Reader {
  /** Where commands run: the sources, with the release of the stage in build/release. */
  readonly folder: string
  /** Does what the page says; throws with all that was printed when a command fails. Prints how long each block took. */
  follow(page: Page): Promise<void>
}

/** `version`: whose release is in build/release. */
export async function createReader(stage: ReleasedStage, version: string): Promise<Reader> {
  const folder = join(stage.folder, 'reader')
  const home = join(folder, 'home')
  await mkdir(join(folder, 'build'), { recursive: true })
  await mkdir(home)
  await symlink(stage.releases[version] ?? '', join(folder, 'build', 'release'))
  for (const name of ['Makefile', 'package-lock.json', 'node_modules', 'hack', 'config'])
    await symlink(join(root, name), join(folder, name))
  const env = {
    HOME: home,
    PATH: [await programsIn(join(folder, 'bin')), dirname(process.execPath), process.env.PATH].join(delimiter),
    KUBECONFIG: stage.lab.env.kubeconfig,
  }
  console.log(`k0s is ${stage.k0s.title}`)
  await nameAsPublished(stage)
  return {
    folder,
    async follow({ path, parts }) {
      for (const { place, script } of parts) {
        const { text, used } = substituted(script)
        for (const { said, done, why } of used) console.log(`${path}: instead of "${said}": "${done}" (${why})`)
        await (place === 'desk' ? atDesk(text, { folder, env }) : onMachine(await aMachine(stage), text, folder))
      }
    },
  }
}

async function programsIn(folder: string): Promise<string> {
  await mkdir(folder)
  const found = await binaries(['kubectl', 'clusterctl'])
  for (const [name, path] of Object.entries(found)) await symlink(path, join(folder, name))
  return folder
}

interface Desk {
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
}

async function atDesk(script: string, { folder, env }: Desk): Promise<void> {
  const signal = AbortSignal.timeout(patienceMs)
  const bash = spawn('bash', ['-c', script], { cwd: folder, env, signal, stdio: ['ignore', 'pipe', 'pipe'] })
  const printed: string[] = []
  const clock = blockClock()
  const lines = [bash.stdout, bash.stderr].map(async stream => {
    for await (const line of createInterface({ input: stream })) {
      printed.push(line)
      clock.see(line)
    }
  })
  const { promise: ended, resolve, reject } = Promise.withResolvers<number | null>()
  bash.on('error', reject).on('close', resolve)
  const code = await ended.catch((cause: Error) => {
    throw new Error(printed.join('\n'), { cause })
  })
  await Promise.all(lines)
  clock.end()
  if (code !== 0) throw new Error(printed.join('\n'))
}

/** Prints how long each block took: the script says on which one it begins. */
function blockClock(): { see(line: string): void; end(): void } {
  let block: string | undefined
  let startedAt = 0
  const end = (): void => {
    if (block !== undefined) console.log(`${block}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  }
  return {
    end,
    see(line) {
      const [, next] = /^-- (\S+:\d+)$/.exec(line) ?? []
      if (next === undefined) return
      end()
      block = next
      startedAt = performance.now()
    },
  }
}

/** One that has k0s and nothing else of ours: nobody but the page tells it what to become. */
async function aMachine({ lab, k0s }: ReleasedStage): Promise<Machine> {
  const name = 'my-machine'
  const running = lab.machines.get(name)
  if (running) return running
  const machine = await lab.machines.start({ name, userData: '#cloud-config\n', ...k0s.machine })
  await machine.result()
  return machine
}

/** The page has its reader bring the token there as this file. */
async function onMachine(machine: Machine, script: string, folder: string): Promise<void> {
  const token = await readFile(join(folder, 'my-token.txt'), 'utf8')
  console.log(`my-token.txt is /etc/k0s.token on ${machine.name}`)
  await machine.exec(['sh', '-c', 'umask 077; cat >/etc/k0s.token'], token)
  await machine.exec(['bash', '-c', script])
}
