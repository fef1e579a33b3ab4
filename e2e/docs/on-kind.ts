// `make e2e-kind`: the quickstart on kind, where there are Docker and kind — shell
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { arch, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { blocksOf } from '@k0smotron-ts/hack/docs'
import { spawn } from '@k0smotron-ts/hack/programs'
import { binaries } from '@k0smotron-ts/hack/tools'
import { kindScript } from './kind-script.ts'

const root = join(import.meta.dirname, '..', '..')
const page = 'docs/quickstart.md'
const path = (process.env.PATH ?? '').split(delimiter)
const missing = ['docker', 'kind'].filter(name => !path.some(folder => existsSync(join(folder, name))))

if (missing.length > 0) console.log(`Skipped: the quickstart on kind needs ${missing.join(' and ')}`)
else process.exitCode = await follow()

async function follow(): Promise<number> {
  const { kubectl } = await binaries(['kubectl'])
  const blocks = blocksOf(await readFile(join(root, page), 'utf8'))
  const script = kindScript(page, blocks, arch() === 'arm64' ? 'arm64' : 'amd64')
  const folder = await mkdtemp(join(tmpdir(), 'kind-')) // its kubeconfig; that of a person stays what it is
  try {
    const env = {
      ...process.env,
      KUBECONFIG: join(folder, 'kubeconfig'),
      PATH: [join(kubectl, '..'), ...path].join(delimiter),
    }
    const bash = spawn('bash', ['-c', script], { cwd: root, env, stdio: 'inherit' })
    return await new Promise((resolve, reject) => bash.on('error', reject).on('close', code => resolve(code ?? 1)))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
