// Managers that start where Secrets are large — shell
import { join } from 'node:path'
import { memoryLimitMiB } from '@k0smotron-ts/config'
import { bundleManagers, providerNames } from '@k0smotron-ts/hack/managers'
import { type Management, startManagement } from '@k0smotron-ts/hack/testenv'
import { type Client, secrets } from '@k0smotron-ts/runtime'
import { startManager } from '../measure/manager-process.ts'
import type { Row } from '../row.ts'
import type { BenchOptions, Scenario } from '../scenario.ts'

const scenario = 'large Secrets'
const namespace = 'large'

/** Anybody may set the label; other bootstrap providers do, on user data. Sizes are of the base64 text. */
const worlds = [
  { name: '70 of 1 MiB', count: 70, bytes: 1_048_576 },
  { name: '250 of 256 KiB', count: 250, bytes: 262_144 },
]

export const largeSecrets: Scenario = {
  name: 'large-secrets',
  description: 'Peak memory of managers that start where 70 MiB of Secrets have the label of a cluster',
  isSlow: false,
  async run(options) {
    options.say(scenario)
    await using management = await startManagement({ clusterApiKinds: true })
    const bundle = join(management.env.dir, 'managers')
    await bundleManagers(bundle)
    await management.client.create(
      { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false },
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    )
    const rows: Row[] = []
    for (const world of [{ name: 'none', count: 0, bytes: 0 }, ...worlds]) {
      await fill(management.client, world)
      rows.push(...(await peaks(options, { management, bundle, world: world.name })))
      await empty(management.client, world.count)
    }
    return rows
  },
}

interface World {
  readonly name: string
  readonly count: number
  readonly bytes: number
}

async function fill(client: Client, { count, bytes }: World): Promise<void> {
  const value = 'QUJD'.repeat(bytes / 4)
  for (let nth = 0; nth < count; nth++) {
    const metadata = { namespace, name: `s-${nth}`, labels: { 'cluster.x-k8s.io/cluster-name': 'c' } }
    await client.create(secrets, { apiVersion: 'v1', kind: 'Secret', metadata, data: { value } })
  }
}

async function empty(client: Client, count: number): Promise<void> {
  for (let nth = 0; nth < count; nth++) await client.delete(secrets, { namespace, name: `s-${nth}` })
}

interface Start {
  readonly management: Management
  readonly bundle: string
  readonly world: string
}

/** Of each provider, from its start until it has nothing left to do. */
async function peaks({ say }: BenchOptions, { management, bundle, world }: Start): Promise<Row[]> {
  const rows: Row[] = []
  for (const provider of providerNames) {
    await using manager = await startManager(management, provider, bundle)
    await manager.untilIdle(0)
    const { peakMiB } = await manager.usage()
    say(`  ${world}, ${provider}: ${peakMiB.toFixed(0)} MiB`)
    rows.push({ scenario, metric: `${world}: ${provider}, peak`, value: peakMiB, unit: 'MiB', budget: memoryLimitMiB })
  }
  return rows
}
