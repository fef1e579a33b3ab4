// The machines' root file system, built once per recipe — shell
import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Progress } from '../../tools/progress.ts'
import { runBound } from '../host/command.ts'
import { keep } from '../host/kept.ts'
import { machineRecipe, type Recipe, recipeKey } from './recipe.ts'

/** A folder with a bootable system that nobody may write to; built in about a minute, then found in `cache`. */
export function machineRoot(cache: string, progress: Progress, recipe: Recipe = machineRecipe): Promise<string> {
  const { suite, packages } = recipe
  const title = `Building the machine root: ${packages.length} packages of Debian ${suite}, about a minute`
  const make = (draft: string): Promise<void> => build(recipe, draft, progress)
  return keep({ path: join(cache, 'roots', recipeKey(recipe)), title, make }, progress)
}

async function build(
  { suite, packages, dpkgOptions, disabled }: Recipe,
  root: string,
  progress: Progress,
): Promise<void> {
  await runBound(
    [
      'mmdebstrap',
      '--variant=minbase',
      `--include=${packages.join(',')}`,
      ...dpkgOptions.map(option => `--dpkgopt=${option}`),
      suite,
      root,
      ...sourcesOf(suite),
    ],
    text => progress.update(`Building the machine root: ${text.trim().split('\n').at(-1) ?? ''}`),
  )
  for (const unit of disabled) await rm(join(root, 'etc/systemd/system/multi-user.target.wants', unit), { force: true })
}

/** The host's own mirror, where it is of the same suite; else mmdebstrap's default one. */
export function sourcesOf(suite: string): string[] {
  const sources = '/etc/apt/sources.list.d/debian.sources'
  return existsSync(sources) && readFileSync(sources, 'utf8').includes(`Suites: ${suite}`) ? [sources] : []
}
