// One control plane on real pods, from apply until it answers, and its deletion — shell
import { startStage } from '../../harness/stage.ts'
import type { Row } from '../row.ts'
import type { BenchOptions, Scenario } from '../scenario.ts'
import { inLab } from './in-lab.ts'
import { measureRound, type Round } from './round.ts'

const scenario = 'lab'

export const lab: Scenario = {
  name: scenario,
  description: 'one control plane on real pods, from apply until it answers, and its deletion (root on Linux)',
  isSlow: false,
  run: options => inLab(scenario, options, async () => rowsOf(await measure(options))),
}

async function measure({ rounds, say }: BenchOptions): Promise<readonly Round[]> {
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
