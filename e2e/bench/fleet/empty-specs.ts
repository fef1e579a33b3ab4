// 100 Clusters of k0smotron.io with nothing in their spec — shell
import type { Row } from '../row.ts'
import type { Scenario } from '../scenario.ts'
import { withEmptySpec } from './control-planes.ts'
import { type Batch, costOfEach, startFleet } from './fleet.ts'

const count = 100
const scenario = `${count} Clusters, spec: {}`
const names = Array.from({ length: count }, (_, nth) => `c-${nth}`)

export const emptySpecs: Scenario = {
  name: 'empty-specs',
  description: '100 Clusters of k0smotron.io at once, each with spec: {}, without Cluster API',
  isSlow: false,
  async run({ rounds, say }) {
    const batches: Batch[] = []
    for (let round = 1; round <= rounds; round++) {
      say(`${scenario}, round ${round} of ${rounds}`)
      const batch = await measure()
      say(`  ${batch.seconds.toFixed(2)} s, CPU ${batch.cpuSeconds.toFixed(2)} s, ${batch.passes} passes`)
      batches.push(batch)
    }
    const last = batches.at(-1)
    return [...timeRows(batches), ...(last ? costRows(last) : [])]
  },
}

async function measure(): Promise<Batch> {
  await using fleet = await startFleet(withEmptySpec)
  return await fleet.grow(names) // the fleet ends with us
}

/** The budgets are those of 100 control planes of Cluster API: nothing else is to be made. */
function timeRows(batches: readonly Batch[]): Row[] {
  const best = (value: (batch: Batch) => number) => Math.min(...batches.map(value))
  const each = { scenario, unit: 's' }
  return [
    { ...each, metric: 'first create → all objects of all exist', value: best(({ seconds }) => seconds), budget: 5 },
    { ...each, metric: 'operator CPU', value: best(({ cpuSeconds }) => cpuSeconds), budget: 6 },
  ]
}

function costRows(batch: Batch): Row[] {
  const { requests, events, passes } = costOfEach(batch)
  const each = { scenario, unit: '' }
  return [
    { ...each, metric: 'API requests per Cluster', value: requests, budget: 26 },
    { ...each, metric: 'Events per Cluster', value: events, budget: null },
    { ...each, metric: 'passes per Cluster', value: passes, budget: null },
  ]
}
