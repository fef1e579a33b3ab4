// 1,000 control planes in three batches on top of each other — shell
import type { Row } from '../row.ts'
import type { BenchOptions, Scenario } from '../scenario.ts'
import { type Fleet, startFleet, waitingMinute } from './fleet.ts'

const scenario = '1,000 control planes'
const batches = [100, 300, 600]

export const thousand: Scenario = {
  name: 'thousand',
  description: '1,000 control planes in batches of 100, 300 and 600, and a waiting minute',
  isSlow: true,
  async run(options) {
    options.say(scenario)
    await using fleet = await startFleet()
    return [...(await growthRows(options, fleet)), ...(await waitingRows(options, fleet))]
  },
}

interface Cost {
  readonly seconds: number
  readonly cpuSeconds: number
  readonly requestsEach: number
  readonly cpuEach: number
}

async function growthRows(options: BenchOptions, fleet: Fleet): Promise<Row[]> {
  const costs: Cost[] = []
  for (const [nth, clusters] of batches.entries()) costs.push(await measureBatch(options, fleet, { nth, clusters }))
  const sum = (value: (cost: Cost) => number) => costs.reduce((total, cost) => total + value(cost), 0)
  const growth = (value: (cost: Cost) => number) => Math.max(...costs.map(value)) / value(costs[0] as Cost)
  const seconds = sum(cost => cost.seconds)
  const cpuSeconds = sum(cost => cost.cpuSeconds)
  const relative = { scenario, unit: '×', budget: 1.1 }
  return [
    { scenario, metric: 'first create → all objects of all exist, added up', value: seconds, unit: 's', budget: 55 },
    { scenario, metric: 'operator CPU, added up', value: cpuSeconds, unit: 's', budget: null },
    { ...relative, metric: 'requests each, dearest batch ÷ first 100', value: growth(cost => cost.requestsEach) },
    { ...relative, metric: 'operator CPU each, dearest batch ÷ first 100', value: growth(cost => cost.cpuEach) },
  ]
}

interface Order {
  readonly nth: number
  readonly clusters: number
}

async function measureBatch({ say }: BenchOptions, fleet: Fleet, { nth, clusters }: Order): Promise<Cost> {
  const names = Array.from({ length: clusters }, (_, index) => `b${nth}-c-${index}`)
  const { seconds, cpuSeconds, requests, passes } = await fleet.grow(names)
  const cost = { seconds, cpuSeconds, requestsEach: requests.length / clusters, cpuEach: cpuSeconds / clusters }
  const each = `${(passes / clusters).toFixed(1)} passes and ${cost.requestsEach.toFixed(1)} requests each`
  say(`  ${clusters} more: ${seconds.toFixed(1)} s, CPU ${cpuSeconds.toFixed(1)} s, ${each}`)
  return cost
}

async function waitingRows(options: BenchOptions, fleet: Fleet): Promise<Row[]> {
  const waited = await waitingMinute(options, fleet)
  return [
    {
      scenario,
      metric: 'requests in a waiting minute',
      value: waited.requests,
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
    { scenario, metric: 'resident memory, peak', value: waited.peakMiB, unit: 'MiB', budget: 200, last: '194' },
    { scenario, metric: 'resident memory, after waiting', value: waited.residentMiB, unit: 'MiB', budget: 200 },
  ]
}
