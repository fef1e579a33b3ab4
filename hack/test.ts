// Runs the layers of the tests and adds up their results — shell
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { labUnavailable } from './lab/host/requirements.ts'
import { programsFor } from './programs/declared.ts'
import { provide } from './programs/install.ts'
import { spawn } from './programs/start.ts'
import { addUp, type Counts, countsOf, excused, failedTests, lastLine, layerLine, silentTests } from './test-results.ts'
import { binaries } from './tools/binaries.ts'
import { terminalProgress } from './tools/progress.ts'
import { selectionFor, wrongLayers } from './tools/selection.ts'

const root = join(import.meta.dirname, '..')
const results = join(root, 'build', 'test-results')

/** The project names of vitest.config.ts, in the order in which they run. */
const layers = process.argv.slice(2)
const startedAt = Date.now()

interface LayerResult {
  readonly layer: string
  readonly counts: Counts
  readonly failed: readonly string[]
  readonly silent: readonly string[]
  readonly excused: ReadonlyMap<string, number>
}

async function runLayer(layer: string): Promise<LayerResult> {
  const file = join(results, `${layer}.json`)
  await rm(file, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const code = await run(join(root, 'node_modules/.bin/vitest'), ['run', '--project', layer, ...reporters])
  const report = await readFile(file, 'utf8').catch(() => undefined)
  return {
    layer,
    counts: countsOf(report, code),
    failed: failedTests(report),
    silent: silentTests(report),
    excused: excused(report),
  }
}

function run(command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('error', reject)
    child.on('exit', code => resolve(code ?? 1))
  })
}

const wrong = wrongLayers(layers)
if (wrong !== undefined) {
  console.error(wrong)
  process.exit(2)
}

// who may not install anything is told what is missing; the tests that need it fail, or are skipped, one by one
const progress = terminalProgress()
await provide(programsFor('tests'), progress).catch(error => console.error(error.message))
await binaries(selectionFor(layers, labUnavailable() === undefined), progress)
await mkdir(results, { recursive: true })
const ran: LayerResult[] = []
for (const layer of layers) ran.push(await runLayer(layer))

// as root on Linux nothing may be skipped that such a machine can run
const mustRunAll = process.env.K0SMOTRON_TS_NO_SKIPPED_LAYER === '1'
const silent = mustRunAll ? ran.flatMap(one => one.silent) : []
for (const what of ran.flatMap(one => one.failed)) console.log(`Failed: ${relative(root, what)}`)
for (const what of silent) console.log(`Skipped, which this machine must not do: ${relative(root, what)}`)
for (const one of ran) {
  console.log(layerLine(one.layer, one.counts))
  for (const [reason, count] of one.excused) console.log(`${' '.repeat(12)} ${count} of the skipped: ${reason}`)
}
const total = addUp(ran.map(({ counts }) => counts))
console.log(`${Math.round((Date.now() - startedAt) / 1000)} s`)
await writeFile(join(results, 'summary'), `${lastLine(total)}\n`)
console.log(lastLine(total))
process.exitCode = total.failed > 0 || silent.length > 0 ? 1 : 0
