// `make fresh`: what README promises, on a machine that has only what README asks for — shell
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { prepareHost } from '../lab/host/requirements.ts'
import { spawn } from '../programs/start.ts'
import { cacheFolder } from '../tools/locate.ts'
import { printSeconds, terminalProgress } from '../tools/progress.ts'
import { buildRoot, checkout, type FreshRoot } from './root.ts'

const targets = ['demo', 'demo-down', 'test']
const notFresh = 'Not fresh: the kernel, its devices and cgroups, the network and /run are those of this machine'
const progress = terminalProgress()

try {
  await prepareHost(progress)
  const parent = dirname(cacheFolder())
  await mkdir(parent, { recursive: true })
  const root = await mkdtemp(join(parent, 'fresh-'))
  const started = Date.now()
  const fresh = await buildRoot(root, progress)
  progress.say(`The root is there after ${printSeconds(Date.now() - started)}: ${root}`)
  progress.say(notFresh)
  process.exitCode = await inRoot(root, fresh)
  if (process.exitCode === 0) await rm(root, { recursive: true, force: true })
  else progress.say(`Left for a look: ${root}`)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

/** Ends with the exit code of the targets. Slave: what others unmount must not live on in there. */
function inRoot(root: string, { binds, env }: FreshRoot): Promise<number> {
  const variables = {
    ...env,
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    K0SMOTRON_TS_NO_SKIPPED_LAYER: '1',
    ROOT: root,
    FOLDER: checkout,
    BINDS: Object.entries(binds)
      .map(([there, from]) => `${from} ${there}`)
      .join('\n'),
  }
  const enter = ['sh', join(import.meta.dirname, 'enter.sh'), 'sh', 'hack/fresh/targets.sh', ...targets]
  const child = spawn('unshare', ['--mount', '--propagation', 'slave', '--', ...enter], {
    env: variables,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  })
  // what runs in there is a group of its own: whoever ends this must not leave it behind
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => child.pid !== undefined && process.kill(-child.pid, signal))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', code => resolve(code ?? 1))
  })
}
