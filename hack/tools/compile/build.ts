// Making the files of one tool — shell
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { execFile } from '../../programs/start.ts'
import type { Source, Tool } from '../catalogue.ts'
import { goBuild, moduleFolder } from './go.ts'
import { programNameOf, type Recipe } from './recipe.ts'

const run = promisify(execFile)

/** What to build and where to put it. */
export interface BuildOrder {
  readonly tool: Tool
  readonly recipe: Recipe
  readonly outputs: readonly string[]
  /** The tool's own folder, with its go.mod. */
  readonly folder: string
  /** The cache entry. Each file appears in it whole or not at all. */
  readonly entry: string
  readonly onLine: (line: string) => void
  /** Path of a program that another tool makes. */
  readonly program: (name: string) => Promise<string>
}

/** Makes the files; the caller holds the lock of the cache entry. */
export async function buildOutputs(order: BuildOrder): Promise<void> {
  const stage = join(order.entry, '.stage')
  await rm(stage, { recursive: true, force: true }) // of a build that was killed: we hold the lock
  await mkdir(stage)
  const isProgram = (name: string): boolean => order.tool.outputs[name]?.kind === 'program'
  await buildPrograms(order, stage, order.outputs.filter(isProgram))
  for (const name of order.outputs.filter(output => !isProgram(output))) {
    await writeFile(join(stage, name), await manifests(order, order.tool.outputs[name]))
  }
  for (const name of order.outputs) await rename(join(stage, name), join(order.entry, name))
  await rm(stage, { recursive: true })
}

/** One `go build` for all programs: a package that several need is compiled once, and linking runs in parallel. */
async function buildPrograms(order: BuildOrder, stage: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  const packages = names.map(name => packageOf(order.tool, name))
  const target = join(stage, 'programs')
  await mkdir(target)
  await goBuild(order.folder, [...order.recipe.flags, '-o', target, ...packages], order.onLine)
  for (const name of names) {
    const built = programNameOf(packageOf(order.tool, name), order.tool)
    await rename(join(target, built), join(stage, name))
  }
}

function packageOf(tool: Tool, output: string): string {
  const source = tool.outputs[output]
  if (source?.kind !== 'program') throw new Error(`${output} of ${tool.name} is not a program`)
  return source.package
}

async function manifests(order: BuildOrder, source: Source | undefined): Promise<string> {
  const { tool, folder, program } = order
  if (!tool.module || !source || source.kind === 'program') throw new Error(`${tool.name} has no module with manifests`)
  const module = await moduleFolder(folder, tool.module)
  if (source.kind === 'kustomization') {
    const { stdout } = await run(await program('kubectl'), ['kustomize', join(module, source.path)], {
      maxBuffer: 64e6,
    })
    return stdout
  }
  const texts = await Promise.all(source.paths.map(path => readFile(join(module, path), 'utf8')))
  return texts.join('\n---\n')
}
