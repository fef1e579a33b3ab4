// `node hack/lab/main.ts up|down|status`: a lab by hand — shell
import { once } from 'node:events'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { fork } from '../programs/start.ts'
import { isAlive } from '../tools/lock/owner.ts'
import { type Progress, terminalProgress } from '../tools/progress.ts'
import { startLab } from './lab.ts'
import { type LabRecord, labs, sweepLabs } from './state/registry.ts'

const usage = `usage: node hack/lab/main.ts up [--name NAME] [--nodes 1..3] [--image ARCHIVE]…   start a lab in the background
       node hack/lab/main.ts down [--name NAME]                                    remove it, however it was started
       node hack/lab/main.ts status                                                list the labs of this host
`

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    name: { type: 'string', default: 'lab' },
    nodes: { type: 'string', default: '1' },
    image: { type: 'string', multiple: true, default: [] },
  },
})

/** What the process that holds a lab tells the one that waits for it. */
type Report = { readonly say: string } | { readonly update: string } | { readonly kubeconfig: string }

const commands: Readonly<Record<string, () => Promise<void>>> = { up, hold, down, status }

try {
  const command = commands[positionals[0] ?? '']
  if (command) await command()
  else {
    process.stderr.write(usage)
    process.exitCode = 2
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

/** The lab belongs to a process in the background, since it ends with its process. */
async function up(): Promise<void> {
  const started = Date.now()
  const progress = terminalProgress()
  const args = ['hold', ...process.argv.slice(3)]
  const holder = fork(import.meta.filename, args, { detached: true, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const kubeconfig = await new Promise<string | undefined>(resolve => {
    holder.once('exit', () => resolve(undefined))
    holder.on('message', (report: Report) => {
      if ('say' in report) progress.say(report.say)
      else if ('update' in report) progress.update(report.update)
      else resolve(report.kubeconfig)
    })
  })
  if (kubeconfig === undefined) throw new Error('The lab did not start')
  progress.say(`The lab is ready after ${((Date.now() - started) / 1000).toFixed(1)} s`)
  process.stdout.write(`export KUBECONFIG=${kubeconfig}\n`)
  holder.disconnect()
  holder.unref()
}

/** Has the lab until somebody says stop. */
async function hold(): Promise<void> {
  const signalled = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
  const report = (message: Report): void => {
    if (process.connected) process.send?.(message)
  }
  const progress: Progress = { say: say => report({ say }), update: update => report({ update }) }
  const { name, nodes, image: images } = values
  await using lab = await startLab({ name, nodes: Number(nodes), images, progress })
  const kubeconfig = join(lab.directory, 'kubeconfig')
  await copyFile(lab.env.kubeconfig, kubeconfig)
  report({ kubeconfig })
  await signalled
}

async function down(): Promise<void> {
  const record = await recordOf(values.name)
  if (!record) throw new Error(`There is no lab ${values.name}`)
  if (isAlive(record.owner)) process.kill(record.owner.pid, 'SIGTERM')
  while (isAlive(record.owner)) await delay(50)
  await sweepLabs() // what the process did not remove itself
}

async function recordOf(name: string): Promise<LabRecord | undefined> {
  return (await labs()).find(({ plan }) => plan.name === name)
}

async function status(): Promise<void> {
  for (const { plan, owner } of await labs()) {
    const state = isAlive(owner) ? `process ${owner.pid}` : 'its process is gone: the next start or `down` removes it'
    process.stdout.write(`${plan.name}\t${plan.network.cidr}\t${plan.directory}\t${state}\n`)
  }
}
