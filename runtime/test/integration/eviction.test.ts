// What a real API server makes of an eviction — shell
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import { clientOf, startTestEnv, type TestEnv } from '@k0smotron-ts/hack/testenv'
import { type Client, type Pod, podDisruptionBudgets, pods } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'

const namespace = 'default'
const key = { namespace, name: 'served' }
const budgetOf = (name: string) => ({ namespace, name })
const labels = { app: 'served' }
const serviceAccounts: ResourceType = {
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  namespaced: true,
}
let env: TestEnv
let client: Client

beforeAll(async () => {
  env = await startTestEnv()
  client = clientOf(env.connection)
  await client.create(serviceAccounts, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { namespace, name: 'default' },
  })
})

afterAll(async () => {
  await client.close()
  await env.stop()
})

/** On a node without a kubelet, so that it stays for as long as it is being deleted; and ready. */
async function madeReady(): Promise<Pod> {
  const spec = { nodeName: 'nowhere', containers: [{ name: 'first', image: 'none' }] }
  await client.create(pods, { apiVersion: 'v1', kind: 'Pod', metadata: { ...key, labels }, spec })
  const status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }
  return client.patchMerge(pods, key, { status }, { subresource: 'status' })
}

/** As the controller of budgets would leave it, which does not run here. */
async function allow(name: string, disruptionsAllowed: number): Promise<void> {
  const status = { observedGeneration: 1, disruptionsAllowed, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 }
  await client.patchMerge(podDisruptionBudgets, budgetOf(name), { status }, { subresource: 'status' })
}

const makeBudget = (name: string): Promise<KubeObject> =>
  client.create(podDisruptionBudgets, {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: budgetOf(name),
    spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
  })

const isGoing = async () => (await client.get(pods, key))?.metadata.deletionTimestamp !== undefined

it('its budget decides, whatever the answer looks like', async () => {
  const { uid = '' } = (await madeReady()).metadata
  const evict = () => client.evict(key, { uid })
  await makeBudget('one')
  await expect(evict()).rejects.toMatchObject({ reason: 'TooManyRequests' })
  await allow('one', 0)
  await expect(evict()).rejects.toMatchObject({ reason: 'TooManyRequests' })
  await makeBudget('two')
  await allow('one', 1)
  await expect(evict()).rejects.toMatchObject({ reason: 'Internal' })
  await client.delete(podDisruptionBudgets, budgetOf('two'))
  await expect(client.evict(key, { uid: 'another' })).rejects.toMatchObject({ reason: 'Conflict' })
  expect(await isGoing()).toBe(false)
  await allow('one', 1)
  await evict()
  expect(await isGoing()).toBe(true)
  await expect(client.evict({ ...key, name: 'gone' })).resolves.toBeUndefined()
})
