// Values that people bring and that something else decides: each is honoured or named, and none breaks what lives — shell
import { clusters, k0smotronControlPlane } from '@k0smotron-ts/api'
import type { Management } from '@k0smotron-ts/hack/testenv'
import { configMaps, pods, statefulSets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionOf, makeControlPlane, messageOf, namespace, startWorld } from './world.ts'

const version = 'v1.36.3+k0s.1'
let world: Management

beforeAll(async () => {
  world = await startWorld()
})

afterAll(() => world[Symbol.asyncDispose]())

const keyOf = (name: string) => ({ namespace, name })
const until = (name: string, type: string, condition: string) =>
  world.until(k0smotronControlPlane, keyOf(name), object => conditionOf(object, type) === condition)
const healthy = 'ControlPlaneComponentsHealthy'
const nodePort = { version, service: { type: 'NodePort' } }

it('address, ports and storage inside of k0sConfig are named as without effect', async () => {
  const spec = {
    api: { externalAddress: 'api.example.net', port: 7443 },
    konnectivity: { agentPort: 9132 },
    storage: { type: 'kine' },
  }
  await makeControlPlane(world, 'f10', { ...nodePort, k0sConfig: { spec } })
  await until('f10', healthy, `True ${healthy}`)
  const told = await world.until(k0smotronControlPlane, keyOf('f10'), object =>
    messageOf(object, 'NotSupported').includes('agentPort'),
  )
  expect(messageOf(told, 'NotSupported')).toBe(
    `these fields have no effect yet: ${['api.externalAddress', 'api.port', 'konnectivity.agentPort', 'storage'].map(key => `spec.k0sConfig.spec.${key}`).join(', ')}`,
  )
})

it('half a dual stack is named', async () => {
  const clusterNetwork = {
    pods: { cidrBlocks: ['10.8.0.0/16', 'fd00:8::/56'] },
    services: { cidrBlocks: ['10.9.0.0/16'] },
  }
  await makeControlPlane(world, 'f11', nodePort, { cluster: { clusterNetwork } })
  const told = await until('f11', 'NotSupported', 'True FieldsNotSupported')
  expect(messageOf(told, 'NotSupported')).toContain('fd00:8::/56 (services have no IPv6 block)')
  await until('f11', healthy, `True ${healthy}`)
  const { items } = await world.client.list(configMaps, { namespace, labelSelector: 'k0smotron.io/config,cluster=f11' })
  const texts = items.map(({ data }) => data?.['k0s.yaml'])
  expect(texts).toEqual([expect.stringMatching(/podCIDR: 10\.8\.0\.0\/16\n +serviceCIDR: 10\.9\.0\.0\/16\n/)])
  expect(texts.join()).not.toMatch(/fd00|dualStack/)
})

it('the network of a living cluster stays, and old and new are named', async () => {
  const network = (ofPods: readonly string[], ofServices: readonly string[]) => ({
    clusterNetwork: { pods: { cidrBlocks: ofPods }, services: { cidrBlocks: ofServices } },
  })
  const before = network(['10.8.0.0/16'], ['10.9.0.0/16'])
  await makeControlPlane(world, 'f12', nodePort, { cluster: before })
  await until('f12', healthy, `True ${healthy}`)
  // what the first answer of an API server leads to; a pass that began before would write what it read
  await world.quiet()
  const status = { initialization: { controlPlaneInitialized: true } }
  await world.client.patchMerge(k0smotronControlPlane, keyOf('f12'), { status }, { subresource: 'status' })
  await until('f12', 'Initialized', 'True Initialized')
  const set = await world.client.get(statefulSets, keyOf('kmc-f12'))
  const pod = await world.client.get(pods, keyOf('kmc-f12-0'))

  const spec = network(['10.8.0.0/16', 'fd00::/108'], ['10.9.0.0/16', 'fd01::/108'])
  await world.client.patchMerge(clusters, keyOf('f12'), { spec })
  const told = await until('f12', healthy, 'False NetworkChanged')
  expect(messageOf(told, healthy)).toContain(
    'pod blocks from 10.8.0.0/16 to 10.8.0.0/16, fd00::/108, service blocks from 10.9.0.0/16 to 10.9.0.0/16, fd01::/108',
  )
  await world.quiet()
  expect((await world.client.get(statefulSets, keyOf('kmc-f12')))?.metadata.generation).toBe(set?.metadata.generation)
  expect((await world.client.get(pods, keyOf('kmc-f12-0')))?.metadata.uid).toBe(pod?.metadata.uid)

  await world.client.patchMerge(clusters, keyOf('f12'), { spec: before })
  await until('f12', healthy, `True ${healthy}`)
  expect((await world.client.get(pods, keyOf('kmc-f12-0')))?.metadata.uid).toBe(pod?.metadata.uid)
})

it('no pod starts with an argument that points into a mount which is not made', async () => {
  await makeControlPlane(world, 'f13', {
    ...nodePort,
    mounts: [{ path: '/var/lib/k0s/policy', configMap: { name: 'policy' } }],
    k0sConfig: { spec: { api: { extraArgs: { 'audit-policy-file': '/var/lib/k0s/policy/audit.yaml' } } } },
  })
  const told = await until('f13', 'Available', 'False NotSupported')
  expect(messageOf(told, 'Available')).toContain('spec.mounts[0] cannot be honoured yet')
  await world.quiet()
  expect(await world.client.get(statefulSets, keyOf('kmc-f13'))).toBeUndefined()
})

it('no pod starts behind an ingress that is not made', async () => {
  const ingress = { apiHost: 'api.example.org', konnectivityHost: 'konnectivity.example.org' }
  await makeControlPlane(world, 'ingress', { version, ingress })
  const told = await until('ingress', 'Available', 'False NotSupported')
  expect(messageOf(told, 'Available')).toContain('spec.ingress.apiHost, spec.ingress.konnectivityHost')
  await world.quiet()
  expect(await world.client.get(statefulSets, keyOf('kmc-ingress'))).toBeUndefined()
})

it('while no member of etcd answers, more replicas are waited for, and the one that runs is left alone', async () => {
  await makeControlPlane(world, 'scaled', nodePort)
  await until('scaled', healthy, `True ${healthy}`)
  await world.quiet()
  const seen = async () => [
    (await world.client.get(statefulSets, keyOf('kmc-scaled')))?.spec?.replicas,
    (await world.client.get(statefulSets, keyOf('kmc-scaled-etcd')))?.spec?.replicas,
    (await world.client.get(pods, keyOf('kmc-scaled-0')))?.metadata.uid,
    (await world.client.get(pods, keyOf('kmc-scaled-etcd-0')))?.metadata.uid,
  ]
  const before = await seen()
  expect(before.slice(0, 2)).toEqual([1, 1])
  for (const replicas of [2, 3]) {
    await world.client.patchMerge(k0smotronControlPlane, keyOf('scaled'), { spec: { replicas } })
    const told = await until('scaled', 'DatastoreAvailable', 'True ChangingMembers')
    expect(messageOf(told, 'DatastoreAvailable')).toContain('changing to 3 etcd members')
    await world.quiet()
    expect(await seen()).toEqual(before)
  }
  await world.client.patchMerge(k0smotronControlPlane, keyOf('scaled'), { spec: { replicas: 1 } })
  const one = await until('scaled', 'DatastoreAvailable', 'True DatastoreAvailable')
  expect(one.status).toMatchObject({ replicas: 1, selector: expect.stringContaining('cluster=scaled') })
  await world.quiet()
  expect(await seen()).toEqual(before)
})
