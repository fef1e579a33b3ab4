// Where a tool's file is, or would be — shell
import { access, readdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, relative } from 'node:path'
import { type Tool, toolOf } from './catalogue.ts'
import { type Recipe, recipeOf } from './compile/recipe.ts'

const repository = join(import.meta.dirname, '../..')

/** One file of a tool; `path` is absent until somebody made it. */
export interface Located {
  readonly name: string
  readonly tool: Tool
  readonly recipe: Recipe
  /** The cache entry that the file belongs into. */
  readonly entry: string
  readonly path: string | undefined
}

/** Looks into the folder K0SMOTRON_TS_BIN, then into the cache. */
export async function locate(names: readonly string[]): Promise<readonly Located[]> {
  const recipes = new Map<Tool, Promise<Recipe>>()
  return Promise.all(
    names.map(async name => {
      const tool = toolOf(name)
      const reading = recipes.get(tool) ?? readRecipe(tool)
      recipes.set(tool, reading)
      const recipe = await reading
      const entry = join(cacheFolder(), recipe.entry)
      const given = process.env.K0SMOTRON_TS_BIN
      return { name, tool, recipe, entry, path: await firstExisting(given ? [given, entry] : [entry], name) }
    }),
  )
}

/** The folder of the repository that holds the tool's go.mod. */
export function sourceFolder(tool: Tool): string {
  return join(repository, tool.folder)
}

export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'k0smotron-ts', 'bin')
}

/** Those of the names that the folder does not hold. */
export async function absent(folder: string, names: readonly string[]): Promise<readonly string[]> {
  const there = await Promise.all(names.map(name => exists(join(folder, name))))
  return names.filter((_, index) => !there[index])
}

async function firstExisting(folders: readonly string[], name: string): Promise<string | undefined> {
  for (const folder of folders) if (await exists(join(folder, name))) return join(folder, name)
  return undefined
}

async function readRecipe(tool: Tool): Promise<Recipe> {
  const folder = sourceFolder(tool)
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  const sources = paths.filter(path => /(^|\/)go\.(mod|sum)$|\.go$/.test(path) && !path.endsWith('_test.go'))
  const files = sources.map(async path => ({ path: relative(folder, path), content: await readFile(path, 'utf8') }))
  return recipeOf(tool, await Promise.all(files), `${process.platform}-${process.arch}`)
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
