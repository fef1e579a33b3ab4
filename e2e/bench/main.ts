// `make bench`: measures, prints beside the budgets, writes build/bench.json — shell
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { answer } from './answer.ts'
import { emptySpecs } from './fleet/empty-specs.ts'
import { hundred } from './fleet/hundred.ts'
import { largeSecrets } from './fleet/large-secrets.ts'
import { thousand } from './fleet/thousand.ts'
import { hostile } from './hostile.ts'
import { lab } from './lab/lab.ts'
import { released } from './lab/released.ts'
import { replicas } from './lab/replicas.ts'
import { render } from './render.ts'
import { isMissed, printRows, type Row } from './row.ts'
import type { BenchOptions, Scenario } from './scenario.ts'
import { webhooks } from './webhooks.ts'
import { worker } from './worker/worker.ts'

const scenarios: readonly Scenario[] = [
  hundred,
  emptySpecs,
  thousand,
  answer,
  worker,
  render,
  webhooks,
  largeSecrets,
  hostile,
  lab,
  replicas,
  released,
]
const folder = join(import.meta.dirname, '..', '..', 'build')

const usage = `usage: node e2e/bench/main.ts [--quick] [--rounds N] [SCENARIO…]
Measures, prints each figure beside its budget and writes all of them to build/bench.json. Scenarios, all unless named:
${scenarios.map(({ name, description }) => `  ${name.padEnd(12)} ${description}`).join('\n')}

  --quick      ten seconds instead of a waiting minute, one round, and without: ${slowNames()}
  --rounds N   the best of so many rounds counts where a time is measured (3 unless given)

A missed budget is printed as MISSED and does not change the exit code: figures of a shared machine are noise.
A scenario that fails is named at the end, and the exit code is 1; the others are measured all the same.
Ctrl-C ends it; everything that it started is gone then.
`

try {
  await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1) // whoever was waited for in vain must not keep us
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) {
    process.stdout.write(usage)
    return
  }
  const { quick, rounds = quick ? '1' : '3' } = values
  if (!/^[1-9]\d?$/.test(rounds)) throw new Error(`--rounds wants a number from 1 to 99, not "${rounds}"`)
  const startedAt = Date.now()
  const leftOut: string[] = []
  const leaveOut = (what: string, why: string) => leftOut.push(`Not measured: ${what}: ${why}`)
  const { rows, failed } = await measure(chosen(positionals, quick), { quick, rounds: Number(rounds), say, leaveOut })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'bench.json'), `${JSON.stringify(rows, undefined, 2)}\n`)
  console.log([printRows(rows), ...leftOut].join('\n'))
  const budgets = rows.filter(({ budget }) => budget !== null).length
  const missed = rows.filter(isMissed).length
  const seconds = Math.round((Date.now() - startedAt) / 1000)
  console.log(`${budgets} budgets, ${missed} missed; ${rows.length} figures in build/bench.json; ${seconds} s`)
  if (failed.length > 0) throw new Error(`Not measured, since they failed: ${failed.join(', ')}`)
}

interface Measured {
  readonly rows: readonly Row[]
  /** Names of scenarios that ended with an error; the figures of the others are worth their minutes all the same. */
  readonly failed: readonly string[]
}

async function measure(wanted: readonly Scenario[], options: BenchOptions): Promise<Measured> {
  const rows: Row[] = []
  const failed: string[] = []
  for (const scenario of wanted) {
    try {
      rows.push(...(await scenario.run(options)))
    } catch (error) {
      failed.push(scenario.name)
      say(`${scenario.name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    }
  }
  return { rows, failed }
}

function chosen(names: readonly string[], quick: boolean): readonly Scenario[] {
  const unknown = names.filter(name => !scenarios.some(scenario => scenario.name === name))
  if (unknown.length > 0) throw new Error(`There is no scenario ${unknown.join(', ')}; see --help`)
  return scenarios.filter(({ name, isSlow }) => (names.length > 0 ? names.includes(name) : !(quick && isSlow)))
}

function slowNames(): string {
  return scenarios.flatMap(({ name, isSlow }) => (isSlow ? [name] : [])).join(', ')
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
