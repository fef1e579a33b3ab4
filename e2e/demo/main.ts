// `make demo` and `make demo-down`: a control plane that answers and a worker that joins, on this machine — shell
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { type ChildProcess, fork } from '@k0smotron-ts/hack/programs'
import { isAlive, terminalProgress } from '@k0smotron-ts/hack/tools'
import { hold, type Report } from './hold.ts'
import { removeDemo } from './remove.ts'
import { type DemoFiles, type DemoState, filesOf, readState } from './state.ts'

const usage = `usage: node e2e/demo/main.ts up [--without-machines] [--name NAME]
       node e2e/demo/main.ts down [--name NAME]
`
const startedAt = performance.now()
const progress = terminalProgress()
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { name: { type: 'string', default: 'demo' }, 'without-machines': { type: 'boolean', default: false } },
})

const commands: Readonly<Record<string, (files: DemoFiles) => Promise<void>>> = {
  up,
  hold: files => hold(files, !values['without-machines']),
  down,
}

try {
  const command = commands[positionals[0] ?? '']
  if (command) await command(filesOf(values.name))
  else {
    process.stderr.write(usage)
    process.exitCode = 2
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

/** Every line with its time, so that a person sees where it goes. */
function say(line: string): void {
  const elapsed = ((performance.now() - startedAt) / 1000).toFixed(1)
  progress.say(`[${elapsed.padStart(6)} s] ${line}`)
}

async function up(files: DemoFiles): Promise<void> {
  const state = await readState(files)
  if (state && isAlive(state.owner) && state.phase !== 'failed') return sayItIsThere(files, state)
  if (state) {
    say('Removing what is left of an earlier demo')
    await removeDemo(files)
  }
  const holder = await startHolder(files)
  const interrupted = (): void => void holder.kill('SIGTERM')
  process.once('SIGINT', interrupted)
  process.once('SIGTERM', interrupted)
  process.exitCode = await follow(files, holder)
}

function sayItIsThere(files: DemoFiles, { phase, owner }: DemoState): void {
  if (phase === 'starting') throw new Error(`The demo is starting already, in process ${owner.pid}`)
  say(`The demo is up, in process ${owner.pid}: export KUBECONFIG=${files.kubeconfig}`)
  say('`make demo-down` removes it')
}

/** The environment belongs to a process in the background, since it ends with its process. */
async function startHolder(files: DemoFiles): Promise<ChildProcess> {
  await mkdir(dirname(files.log), { recursive: true })
  const log = openSync(files.log, 'w')
  try {
    const args = ['hold', ...process.argv.slice(3)]
    return fork(import.meta.filename, args, { detached: true, stdio: ['ignore', log, log, 'ipc'] })
  } finally {
    closeSync(log)
  }
}

/** Tells what the holder tells until it is done; gives the exit code. */
async function follow(files: DemoFiles, holder: ChildProcess): Promise<number> {
  const ended = once(holder, 'exit').then(() => 'ended' as const)
  const done = new Promise<number>(resolve => {
    holder.on('message', (report: Report) => {
      if ('say' in report) say(report.say)
      else if ('update' in report) progress.update(report.update)
      else resolve(report.done)
    })
  })
  const result = await Promise.race([done, ended])
  if (result === 'ended') {
    say(`The demo has ended before it was up\n${(await readFile(files.log, 'utf8')).trimEnd()}`)
    return 1
  }
  holder.disconnect()
  holder.unref()
  return result
}

async function down(files: DemoFiles): Promise<void> {
  const wasThere = await removeDemo(files)
  say(wasThere ? 'The demo is removed' : 'There is no demo')
}
