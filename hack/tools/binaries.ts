// Programs and manifests that tests and the lab run, found or built — shell
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { catalogue } from './catalogue.ts'
import { buildOutputs } from './compile/build.ts'
import { type Pace, type Portion, printPace } from './compile/estimate.ts'
import { checkGo } from './compile/go.ts'
import { absent, cacheFolder, type Located, locate, sourceFolder } from './locate.ts'
import { withLock } from './lock/lock.ts'
import { type Progress, printSeconds, terminalProgress } from './progress.ts'

/** One tool of which something is missing. */
interface Step extends Pick<Located, 'tool' | 'recipe' | 'entry'> {
  readonly missing: readonly string[]
}

/**
 * The absolute path of every file asked for: from the folder K0SMOTRON_TS_BIN, else from the cache, else built into the
 * cache from the Go module that is pinned beside this file. Safe when several processes ask at once.
 */
export async function binaries<Name extends string>(
  names: readonly Name[],
  progress: Progress = terminalProgress(),
): Promise<Readonly<Record<Name, string>>> {
  const located = await locate([...new Set(names)]) // who puts lists together may name one twice
  const steps = stepsFor(located.filter(({ path }) => path === undefined))
  if (steps.length > 0) await buildAll(steps, progress)
  const paths = located.map(({ name, path, entry }) => [name, path ?? join(entry, name)])
  return Object.fromEntries(paths) as Record<Name, string>
}

/** In the order of the catalogue, whatever order was asked for. */
function stepsFor(missing: readonly Located[]): readonly Step[] {
  return catalogue.flatMap(tool => {
    const ofTool = missing.filter(located => located.tool === tool)
    const [first] = ofTool
    return first ? [{ ...first, missing: ofTool.map(({ name }) => name) }] : []
  })
}

async function buildAll(steps: readonly Step[], progress: Progress): Promise<void> {
  await checkGo(steps.flatMap(({ missing }) => missing))
  const start = Date.now()
  const portions = steps.map(portionOf)
  for (const [index, step] of steps.entries()) {
    const pace = (compiled: number): Pace => ({ portions, index, compiled, elapsedMs: Date.now() - start })
    await buildStep(step, { position: `[${index + 1}/${steps.length}]`, pace }, progress)
  }
  progress.say(`Tools are ready after ${printSeconds(Date.now() - start)}, kept in ${cacheFolder()}`)
}

/** Putting manifests together is no work worth mentioning. */
const portionOf = ({ tool, missing }: Step): Portion =>
  missing.some(name => tool.outputs[name]?.kind === 'program') ? tool.effort : { weight: 0, packages: 0 }

interface Place {
  /** `[2/6]` */
  readonly position: string
  readonly pace: (compiled: number) => Pace
}

async function buildStep(step: Step, { position, pace }: Place, progress: Progress): Promise<void> {
  const { tool, recipe, entry, missing } = step
  const title = `${position} ${tool.name} ${recipe.version}`
  await mkdir(entry, { recursive: true })
  const onWait = ({ pid }: { readonly pid: number }): void =>
    progress.say(`${title}: process ${pid} is building it, waiting`)
  await withLock(join(entry, '.lock'), onWait, async () => {
    const outputs = await absent(entry, missing) // another process may have made some while we waited
    if (outputs.length === 0) return
    const start = Date.now()
    let compiled = 0
    progress.say(`${title}: building ${outputs.join(', ')}`)
    const onLine = (line: string): void => {
      compiled += line.startsWith('go: ') ? 0 : 1
      progress.update(compiled === 0 ? `${title}: fetching its sources` : printPace(title, pace(compiled)))
    }
    const program = async (name: string): Promise<string> => (await binaries([name], progress))[name] ?? name
    await buildOutputs({ tool, recipe, outputs, folder: sourceFolder(tool), entry, onLine, program })
    progress.say(`${title}: built in ${printSeconds(Date.now() - start)}`)
  })
}
