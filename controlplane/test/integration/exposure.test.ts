// Where clients reach a control plane, by the type of its Service — shell
import { clusters, k0smotronControlPlane } from '@k0smotron-ts/api'
import { type Management, startHostedControlPlane } from '@k0smotron-ts/hack/testenv'
import { services } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionOf, makeControlPlane, messageOf, namespace, startWorld } from './world.ts'

const version = 'v1.36.3+k0s.1'
let world: Management

beforeAll(async () => {
  world = await startWorld()
})

afterAll(() => world[Symbol.asyncDispose]())

const keyOf = (name: string) => ({ namespace, name })
const untilPublished = (name: string) =>
  world.until(k0smotronControlPlane, keyOf(name), ({ spec }) => spec.controlPlaneEndpoint !== undefined)

it('a LoadBalancer is waited for, and its address is published', async () => {
  await makeControlPlane(world, 'balanced', { version, service: { type: 'LoadBalancer' } })
  const waiting = await world.until(
    k0smotronControlPlane,
    keyOf('balanced'),
    object => conditionOf(object, 'EndpointAvailable') !== 'absent',
  )
  expect(messageOf(waiting, 'EndpointAvailable')).toMatch(/waiting for .*(ports|address)/)
  const service = await world.until(services, keyOf('kmc-balanced-lb'), () => true)
  expect(service.spec?.ports?.map(({ port }) => port)).toEqual([30443, 30132])

  // what a cloud's controller does
  const status = { loadBalancer: { ingress: [{ ip: '192.0.2.10' }] } }
  await world.client.patchMerge(services, keyOf('kmc-balanced-lb'), { status }, { subresource: 'status' })
  const { spec } = await untilPublished('balanced')
  expect(spec.controlPlaneEndpoint).toEqual({ host: '192.0.2.10', port: 30443 })
})

it('a NodePort gets ports of its own from the API server, and keeps them when the Service is deleted', async () => {
  await makeControlPlane(world, 'node-a', { version, service: { type: 'NodePort' } })
  await makeControlPlane(world, 'node-b', { version, service: { type: 'NodePort' } })
  const [a, b] = [await untilPublished('node-a'), await untilPublished('node-b')]
  expect(a.spec.controlPlaneEndpoint?.host).toBe(b.spec.controlPlaneEndpoint?.host)
  expect(a.spec.controlPlaneEndpoint?.port).not.toBe(b.spec.controlPlaneEndpoint?.port)

  const before = await world.until(services, keyOf('kmc-node-a-nodeport'), () => true)
  await world.client.delete(services, keyOf('kmc-node-a-nodeport'))
  const after = await world.until(
    services,
    keyOf('kmc-node-a-nodeport'),
    ({ metadata }) => metadata.uid !== before.metadata.uid,
  )
  expect(after.spec?.ports?.map(({ nodePort }) => nodePort)).toEqual(
    before.spec?.ports?.map(({ nodePort }) => nodePort),
  )
})

it('another type of Service leaves none of the old type behind', async () => {
  await makeControlPlane(world, 'changed', { version })
  await world.until(services, keyOf('kmc-changed'), () => true)
  await world.client.patchMerge(k0smotronControlPlane, keyOf('changed'), { spec: { service: { type: 'NodePort' } } })
  await world.until(services, keyOf('kmc-changed-nodeport'), () => true)
  await world.untilGone(services, keyOf('kmc-changed'))
})

it('an endpoint of the Cluster that changes, or goes, while workers use it is told, and nothing is published instead', async () => {
  const name = 'given'
  const host = world.env.publishedAddress
  const ofCluster = (endpoint: object | null) =>
    world.client.patchMerge(clusters, keyOf(name), { spec: { controlPlaneEndpoint: endpoint } })
  const until = (condition: string) =>
    world.until(k0smotronControlPlane, keyOf(name), object => conditionOf(object, 'EndpointAvailable') === condition)
  const spec = { version, service: { type: 'ClusterIP', apiPort: 30448 } }
  await makeControlPlane(world, name, spec, { cluster: { controlPlaneEndpoint: { host, port: 30448 } } })
  await world.until(k0smotronControlPlane, keyOf(name), ({ status }) => status?.readyReplicas === 1)
  await using _hosted = await startHostedControlPlane({ env: world.env, namespace, cluster: name })
  await until('True EndpointAvailable')
  await world.untilEvent(keyOf(name), 'Normal Available')

  await ofCluster({ host: '192.0.2.99', port: 6443 })
  const changed = await until('False WaitingForEndpointAnswer')
  expect(messageOf(changed, 'EndpointAvailable')).toMatch(
    /^nobody has answered yet as this API server at 192\.0\.2\.99:6443, which Cluster given gives, and Service kmc-given is reached at /,
  )
  await world.untilEvent(keyOf(name), 'Normal WaitingForEndpointAnswer')
  await ofCluster({ host, port: 30448 })
  await until('True EndpointAvailable')

  await ofCluster(null)
  const gone = await until('False EndpointStale')
  expect(messageOf(gone, 'EndpointAvailable')).toContain('Cluster given has no endpoint any more')
  await world.untilEvent(keyOf(name), 'Warning EndpointStale')
  await world.quiet()
  expect((await world.client.get(k0smotronControlPlane, keyOf(name)))?.spec.controlPlaneEndpoint).toBeUndefined()
  await ofCluster({ host, port: 30448 })
  await until('True EndpointAvailable')
})
