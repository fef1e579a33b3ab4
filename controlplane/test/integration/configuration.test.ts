// Each configuration of k0s is an immutable object, which goes when no pod was made for it — shell
import { k0smotronControlPlane } from '@k0smotron-ts/api'
import { type Management, startManagement } from '@k0smotron-ts/hack/testenv'
import { configMaps, pods } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionOf, makeControlPlane, messageOf, namespace, startControlPlane } from './world.ts'

const version = 'v1.36.3+k0s.1'
const healthy = 'ControlPlaneComponentsHealthy'
let world: Management

beforeAll(async () => {
  world = await startManagement({ kwok: true, clusterApiKinds: true })
  await world.env.addNode('node-1')
})

afterAll(() => world[Symbol.asyncDispose]())

/** Of 700 KiB, as Helm charts with values make it. */
const large = (letter: string) => ({ spec: { extensions: { helm: { note: letter.repeat(700 * 1024) } } } })

const configs = async () => {
  const { items } = await world.client.list(configMaps, { namespace, labelSelector: 'k0smotron.io/config' })
  return items
}

it('a large configuration changes as often as people like, and one that no object holds is refused by name', async () => {
  await using _running = await startControlPlane(world)
  const key = { namespace, name: 'large' }
  const pod = { namespace, name: 'kmc-large-0' }
  await makeControlPlane(world, key.name, { version, k0sConfig: large('a') })
  const hashes = new Set<string | undefined>()
  for (const letter of ['b', 'c', 'd', 'e', 'f', 'g']) {
    const before = await world.until(pods, pod, ({ status }) => status?.phase === 'Running')
    await world.client.patchMerge(k0smotronControlPlane, key, { spec: { k0sConfig: large(letter) } })
    const after = await world.until(pods, pod, ({ metadata }) => metadata.uid !== before.metadata.uid)
    hashes.add(after.metadata.labels?.['k0smotron.io/config'])
  }
  expect(hashes.size).toBe(6)
  // what the three revisions of the history, the newest one and the pod refer to
  await expect.poll(async () => (await configs()).length).toBeLessThanOrEqual(4)
  expect((await configs()).every(({ immutable }) => immutable)).toBe(true)

  const tooLarge = { spec: { k0sConfig: { spec: { extensions: { helm: { note: 'h'.repeat(1024 * 1024) } } } } } }
  await world.client.patchMerge(k0smotronControlPlane, key, tooLarge)
  const refused = await world.until(k0smotronControlPlane, key, object =>
    conditionOf(object, healthy).includes('InvalidK0sConfig'),
  )
  expect(messageOf(refused, healthy)).toContain('a ConfigMap holds at most 1024 KiB')
})
