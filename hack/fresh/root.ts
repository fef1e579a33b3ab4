// A root file system that has what README asks for, and nothing else — shell
import { existsSync } from 'node:fs'
import { cp, mkdir, realpath, stat, symlink, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { run, runBound } from '../lab/host/command.ts'
import { sourcesOf } from '../lab/machine-root/build.ts'
import { machineRecipe } from '../lab/machine-root/recipe.ts'
import type { Progress } from '../tools/progress.ts'
import { goSettings, pathsIn, registrySettings } from './settings.ts'

export const repository: string = join(import.meta.dirname, '..', '..')

/** The user's home inside; no other user has ever been there. */
export const home = '/home/newcomer'
export const checkout: string = join(home, 'k0smotron-ts')

/** What of this machine is shown inside: path there → path here. */
type Binds = Readonly<Record<string, string>>

export interface FreshRoot {
  readonly binds: Binds
  readonly env: Readonly<Record<string, string>>
}

/** Node and Go are this machine's; git and make come as packages, since they need libraries. */
export async function buildRoot(root: string, progress: Progress): Promise<FreshRoot> {
  const { suite } = machineRecipe
  const title = `Building a root of Debian ${suite} with git and make`
  progress.say(title)
  await runBound(
    ['mmdebstrap', '--variant=minbase', '--include=git,make,ca-certificates', suite, root, ...sourcesOf(suite)],
    text => progress.update(`${title}: ${text.trim().split('\n').at(-1) ?? ''}`),
  )
  await cloneInto(root)
  const settings = await settingsHere()
  const binds = await bindsHere(settings)
  for (const [there, from] of Object.entries(binds)) await prepareTarget(from, join(root, there))
  for (const file of ['/etc/resolv.conf', '/etc/hosts']) await cp(file, join(root, file), { dereference: true })
  await linkPrograms(root)
  return { binds, env: { HOME: home, LANG: 'C.UTF-8', ...settings } }
}

/** HEAD, as somebody else gets it. */
async function cloneInto(root: string): Promise<void> {
  const target = join(root, checkout)
  await mkdir(target, { recursive: true })
  await run(['git', 'init', '--quiet', target])
  await run(['git', '-C', target, 'fetch', '--quiet', '--depth=1', repository, 'HEAD'])
  await run(['git', '-C', target, 'checkout', '--quiet', 'FETCH_HEAD'])
}

async function settingsHere(): Promise<Readonly<Record<string, string>>> {
  const values = (await run(['go', 'env', ...goSettings])).split('\n')
  const go = goSettings.map((name, index) => [name, values[index] ?? '']).filter(([, value]) => value !== '')
  return { ...registrySettings(process.env), ...Object.fromEntries(go) }
}

async function bindsHere(settings: Readonly<Record<string, string>>): Promise<Binds> {
  const npm = await realpath(here('npm'))
  const setting = async (name: string): Promise<string> => (await run([here('npm'), 'config', 'get', name])).trim()
  const all: Binds = {
    '/usr/local/bin/node': await realpath(here('node')),
    '/usr/local/lib/node_modules/npm': dirname(dirname(npm)),
    '/usr/local/go': (await run(['go', 'env', 'GOROOT'])).trim(),
    [join(home, '.npmrc')]: await setting('userconfig'),
    '/usr/local/etc/npmrc': await setting('globalconfig'),
    ...Object.fromEntries([...settingFolders, ...pathsIn(settings)].map(path => [path, path])),
  }
  return Object.fromEntries(Object.entries(all).filter(([, from]) => existsSync(from)))
}

const settingFolders = ['/etc/apt', '/usr/share/keyrings', '/etc/pip.conf', '/etc/ssl/certs']

/** The program that a user of this machine starts, not the one among the packages of this checkout. */
function here(name: string): string {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(folder => !folder.startsWith(repository))
  const found = folders.map(folder => join(folder, name)).find(existsSync)
  if (!found) throw new Error(`${name} is missing`)
  return found
}

async function prepareTarget(from: string, target: string): Promise<void> {
  if (existsSync(target)) return
  const isFolder = (await stat(from)).isDirectory()
  await mkdir(isFolder ? target : dirname(target), { recursive: true })
  if (!isFolder) await writeFile(target, '')
}

async function linkPrograms(root: string): Promise<void> {
  const programs = { npm: '../lib/node_modules/npm/bin/npm-cli.js', go: '../go/bin/go' }
  for (const [name, target] of Object.entries(programs)) await symlink(target, join(root, '/usr/local/bin', name))
}
