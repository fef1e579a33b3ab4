// `make bench`, the part that needs the lab: prints its rows as JSON for hack/bench, which starts it — shell
import type { Row } from '@k0smotron-ts/hack/bench'
import { LabUnavailable, labUnavailable } from '@k0smotron-ts/hack/lab'
import { terminalProgress } from '@k0smotron-ts/hack/tools'
import { startStage } from '../harness/stage.ts'
import { measureRound, type Round } from './round.ts'

const rounds = Number(process.argv[2] ?? '1')
const scenario = 'lab'
const { say } = terminalProgress()

/** What hack/bench reads. */
type Report = { readonly rows: readonly Row[] } | { readonly unavailable: string }

process.stdout.write(JSON.stringify(await report()))

async function report(): Promise<Report> {
  const unavailable = labUnavailable() // before anything is built for it
  if (unavailable !== undefined) return { unavailable }
  try {
    return { rows: rowsOf(await measure()) }
  } catch (error) {
    if (error instanceof LabUnavailable) return { unavailable: error.message }
    throw error
  }
}

async function measure(): Promise<readonly Round[]> {
  await using stage = await startStage({ name: 'bench' })
  say(`lab: ${stage.k0s.title}, on one node`)
  const measured: Round[] = []
  for (let nth = 1; nth <= rounds; nth++) {
    const round = await measureRound(stage, `round-${nth}`)
    const [answers, initialized, gone] = [round.answers, round.initialized, round.gone].map(time => time.toFixed(2))
    const times = `answers after ${answers} s, initialized ${initialized} s, deleted in ${gone} s`
    say(`  round ${nth} of ${rounds}: ${times}, ${round.requests} requests`)
    measured.push(round)
  }
  return measured
}

function rowsOf(all: readonly Round[]): readonly Row[] {
  const best = (value: (round: Round) => number) => Math.min(...all.map(value))
  const worst = (value: (round: Round) => number) => Math.max(...all.map(value))
  const seconds = { scenario, unit: 's' }
  const count = { scenario, unit: '' }
  return [
    { ...seconds, metric: 'apply → kubeconfig works from outside', value: best(round => round.answers), budget: 10 },
    { ...seconds, metric: 'apply → initialized', value: best(round => round.initialized), budget: null },
    { ...count, metric: 'requests until it is usable', value: worst(round => round.requests), budget: 60 },
    { ...count, metric: 'of these Events', value: worst(round => round.events), budget: null },
    { ...seconds, metric: 'delete → everything gone', value: best(round => round.gone), budget: 5 },
    { ...count, metric: 'containers that did not end gracefully', value: worst(round => round.killed), budget: 0 },
  ]
}
