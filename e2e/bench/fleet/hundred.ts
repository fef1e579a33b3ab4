// 100 control planes: time, cost, a waiting minute, a restart — shell
import { requestKinds } from '../measure/requests.ts'
import type { Row } from '../row.ts'
import type { BenchOptions, Scenario } from '../scenario.ts'
import { type Batch, costOfEach, during, type Fleet, startFleet, waitingMinute } from './fleet.ts'
import { measureFloor } from './floor.ts'

const count = 100
const scenario = `${count} control planes`
const names = Array.from({ length: count }, (_, nth) => `c-${nth}`)

export const hundred: Scenario = {
  name: 'hundred',
  description: '100 control planes at once, a waiting minute, a restart',
  isSlow: false,
  async run(options) {
    const rounds: Round[] = []
    for (let round = 1; round <= options.rounds; round++) {
      options.say(`${scenario}, round ${round} of ${options.rounds}`)
      rounds.push(await runRound(options, round === options.rounds))
    }
    const last = rounds.at(-1)
    return [...timeRows(rounds), ...(last ? [...requestRows(last.batch), ...last.rows] : [])]
  },
}

interface Round {
  readonly batch: Batch
  readonly floorSeconds: number
  /** Of the last round only. */
  readonly rows: readonly Row[]
}

async function runRound(options: BenchOptions, isLast: boolean): Promise<Round> {
  await using fleet = await startFleet()
  const batch = await fleet.grow(names)
  const rows = isLast ? [...(await waitingRows(options, fleet)), ...(await restartRows(fleet))] : []
  await fleet.manager.stop()
  const { client } = fleet.management
  const floorSeconds = await measureFloor(client, { model: 'c-0', clusters: count, requests: batch.requests })
  options.say(
    `  ${batch.seconds.toFixed(2)} s, floor ${floorSeconds.toFixed(2)} s, CPU ${batch.cpuSeconds.toFixed(2)} s, ${batch.passes} passes`,
  )
  return { batch, floorSeconds, rows }
}

function timeRows(rounds: readonly Round[]): Row[] {
  const best = (value: (round: Round) => number) => Math.min(...rounds.map(value))
  const seconds = best(({ batch }) => batch.seconds)
  const floor = best(({ floorSeconds }) => floorSeconds)
  return [
    { scenario, metric: 'first create → all objects of all exist', value: seconds, unit: 's', budget: 5 },
    { scenario, metric: 'the same number of raw applies (floor)', value: floor, unit: 's', budget: null },
    // of one and the same round: how fast the machine is differs from round to round
    {
      scenario,
      metric: 'relative to the floor of its round',
      value: best(({ batch, floorSeconds }) => batch.seconds / floorSeconds),
      unit: '×',
      budget: 1.6,
    },
    {
      scenario,
      metric: 'operator CPU',
      value: best(({ batch }) => batch.cpuSeconds),
      unit: 's',
      budget: 6,
      last: '6.9–7.6',
    },
  ]
}

function requestRows(batch: Batch): Row[] {
  const { requests, events, passes } = costOfEach(batch)
  const each = { scenario, unit: '' }
  return [
    { ...each, metric: 'API requests per control plane', value: requests, budget: 26, last: '24' },
    { ...each, metric: 'Events per control plane', value: events, budget: null, last: '17' },
    { ...each, metric: 'passes per control plane', value: passes, budget: null },
  ]
}

async function waitingRows(options: BenchOptions, fleet: Fleet): Promise<Row[]> {
  const waited = await waitingMinute(options, fleet)
  return [
    {
      scenario,
      metric: 'requests per waiting minute and control plane',
      value: waited.requests / count,
      unit: '',
      budget: 0,
    },
    {
      scenario,
      metric: 'operator CPU in a waiting minute',
      value: waited.cpuSeconds,
      unit: 's',
      budget: null,
    },
    { scenario, metric: 'resident memory, peak', value: waited.peakMiB, unit: 'MiB', budget: 120, last: '121–123' },
    { scenario, metric: 'resident memory, after waiting', value: waited.residentMiB, unit: 'MiB', budget: 120 },
  ]
}

async function restartRows(fleet: Fleet): Promise<Row[]> {
  const { management } = fleet
  let peakMiB = 0
  const entries = await during(management, async () => {
    const manager = await fleet.restart()
    await manager.untilIdle(count)
    await management.quiet()
    peakMiB = (await manager.usage()).peakMiB
  })
  const { writes, gets, lists, watches } = requestKinds(entries, fleet.manager.user)
  return [
    { scenario, metric: 'writes after a restart', value: writes, unit: '', budget: 0 },
    { scenario, metric: 'reads after a restart that are neither list nor watch', value: gets, unit: '', budget: 0 },
    { scenario, metric: 'lists after a restart', value: lists, unit: '', budget: null },
    { scenario, metric: 'watches after a restart', value: watches, unit: '', budget: null },
    { scenario, metric: 'resident memory after a restart, peak', value: peakMiB, unit: 'MiB', budget: 120 },
  ]
}
