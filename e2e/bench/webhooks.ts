// What webhooks add to the API server's own time — shell
import { join } from 'node:path'
import { convertObject, type KubeObject, k0smotronControlPlaneTemplate, type ResourceType } from '@k0smotron-ts/api'
import { managers } from '@k0smotron-ts/config'
import { bundleManagers } from '@k0smotron-ts/hack/managers'
import { freePort, leadWebhooks, startManagement } from '@k0smotron-ts/hack/testenv'
import type { Client } from '@k0smotron-ts/runtime'
import { startManager } from './measure/manager-process.ts'
import type { Row } from './row.ts'
import type { Scenario } from './scenario.ts'

const scenario = 'webhooks'
const namespace = 'default'
const writes = 200
const templates = 200
const conversions = 2_000

/** No controller looks at a template: nothing else is measured. */
const stored: ResourceType = k0smotronControlPlaneTemplate
const older: ResourceType = { ...stored, version: 'v1beta1' }

export const webhooks: Scenario = {
  name: 'webhooks',
  description: 'admission beside the same write without it, and conversion to v1beta1',
  isSlow: false,
  async run({ rounds, say }) {
    say(scenario)
    await using management = await startManagement({ clusterApiKinds: true })
    const bundle = join(management.env.dir, 'managers')
    await bundleManagers(bundle)
    const declaration = managers.find(({ name }) => name === 'control-plane')?.webhooks
    if (!declaration) throw new Error('The control plane provider has no webhooks')
    const port = await freePort()
    await leadWebhooks(management.client, declaration, port)
    await using _manager = await startManager(management, 'control-plane', bundle, [`--webhook-port=${port}`])
    const { client } = management
    await make(client)
    return [...(await admission(client, rounds)), ...(await reading(client)), pure()]
  },
}

const template = (name: string, metadata: object = {}): KubeObject => {
  const object = {
    apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
    kind: 'K0smotronControlPlaneTemplate',
    metadata: { namespace, name, ...metadata },
    spec: { template: { spec: { version: 'v1.36.3+k0s.1', controlPlaneFlags: ['--debug'] } } },
  }
  return object
}

/** Rules are not asked about what is being deleted: the same write without them. */
async function make(client: Client): Promise<void> {
  await client.create(stored, template('going', { finalizers: ['example.org/stay'] }))
  await client.delete(stored, { namespace, name: 'going' })
  for (let nth = 0; nth < templates; nth++) await client.create(stored, template(`t-${nth}`))
}

/** Both writes in turn, so that whatever else the machine does concerns both. */
async function admission(client: Client, rounds: number): Promise<readonly Row[]> {
  const write = async (name: string, serviceAccount: string): Promise<number> => {
    const startedAt = performance.now()
    await client.patchMerge(stored, { namespace, name }, { spec: { template: { spec: { serviceAccount } } } })
    return performance.now() - startedAt
  }
  const found: { readonly own: number; readonly beyond: number }[] = []
  for (let round = 0; round < rounds; round++) {
    const [asked, alone]: [number[], number[]] = [[], []]
    for (let nth = 0; nth < writes; nth++) {
      asked.push(await write('t-0', `a-${round}-${nth}`))
      alone.push(await write('going', `a-${round}-${nth}`))
    }
    found.push({ own: median(alone), beyond: median(asked) - median(alone) })
  }
  const least = (values: readonly number[]): number => Math.min(...values)
  const [own, beyond] = [least(found.map(one => one.own)), least(found.map(one => one.beyond))]
  return [
    { scenario, metric: 'write that no rule is asked about, median', value: own, unit: 'ms', budget: null },
    { scenario, metric: 'admission beyond it, median', value: beyond, unit: 'ms', budget: 5 },
  ]
}

/** The first time, so that nothing is remembered. */
async function reading(client: Client): Promise<readonly Row[]> {
  const list = async (type: ResourceType): Promise<number> => {
    const startedAt = performance.now()
    const { items } = await client.list(type, { namespace })
    if (items.length <= templates) throw new Error(`${items.length} templates of ${type.version}`)
    return performance.now() - startedAt
  }
  await list(stored)
  const own = await list(stored)
  const converted = await list(older)
  const unit = 'ms'
  return [
    { scenario, metric: `list ${templates} templates as stored`, value: own, unit, budget: null },
    { scenario, metric: 'list them in v1beta1, converted by the webhook', value: converted, unit, budget: null },
  ]
}

function pure(): Row {
  const object = template('t') as unknown as Parameters<typeof convertObject>[0]
  const [there, back] = [older, stored].map(({ group, version }) => `${group}/${version}`) as [string, string]
  const startedAt = performance.now()
  for (let nth = 0; nth < conversions; nth++) convertObject(convertObject(object, there), back)
  const value = (performance.now() - startedAt) / (2 * conversions)
  return { scenario, metric: 'convert one template, without the way there', value, unit: 'ms', budget: 1 }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
