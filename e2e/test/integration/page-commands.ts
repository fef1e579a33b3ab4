// The commands of a page of docs/, as somebody who reads it runs them against a management cluster — shell
import { mkdir, readFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { blocksOf, scriptOf } from '@k0smotron-ts/hack/docs'
import { execFile } from '@k0smotron-ts/hack/programs'
import type { Management } from '@k0smotron-ts/hack/testenv'
import { binaries } from '@k0smotron-ts/hack/tools'

export interface Following {
  /** In the repository. */
  readonly page: string
  readonly heading: string
  /** What the page says, and what it is here. */
  readonly instead?: Readonly<Record<string, string>>
  /** What the reader has exported. */
  readonly env: Readonly<Record<string, string>>
  /** Where commands leave files for later ones. */
  readonly folder: string
  /** To which `kubectl` speaks. */
  readonly world: Management
}

/** Runs all blocks under a heading, in one shell; throws what the first command that fails complains. Gives what they print. */
export async function follow({ page, heading, instead = {}, env, folder, world }: Following): Promise<string> {
  const text = await readFile(join(import.meta.dirname, '..', '..', '..', page), 'utf8')
  const blocks = blocksOf(text).filter(block => block.heading === heading)
  if (blocks.length === 0) throw new Error(`${page} has no command under ${heading}`)
  const here = blocks.map(({ instead: _, ...block }) => block)
  const script = Object.entries(instead).reduce(
    (known, [said, done]) => known.replaceAll(said, done),
    scriptOf(page, here),
  )
  await mkdir(folder, { recursive: true })
  const all = { ...(await readersEnv(folder)), KUBECONFIG: world.env.kubeconfig, ...env }
  const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd: folder, env: all })
  return stdout
}

/** Our kubectl and clusterctl before others, and no settings of whoever runs the test. */
export async function readersEnv(home: string): Promise<Readonly<Record<string, string>>> {
  const { kubectl, clusterctl } = await binaries(['kubectl', 'clusterctl'])
  const PATH = [dirname(kubectl), dirname(clusterctl), process.env.PATH].join(delimiter)
  return { PATH, HOME: home, XDG_CONFIG_HOME: home, CLUSTERCTL_DISABLE_VERSIONCHECK: 'true' }
}
