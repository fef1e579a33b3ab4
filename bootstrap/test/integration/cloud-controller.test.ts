// Workers whose kubelet waits for a cloud controller, with arguments as templates for clouds write them — shell
import { k0sWorkerConfig, machines } from '@k0smotron-ts/api'
import { isWrite, type RunningProvider } from '@k0smotron-ts/hack/testenv'
import { nodes, secrets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  conditionOf,
  filesOf,
  keyIn,
  makeMachine,
  makeReadyCluster,
  startBootstrap,
  startWorld,
  tokensOf,
  untilSaid,
  type World,
} from './world.ts'

let world: World
let running: RunningProvider

beforeAll(async () => {
  world = await startWorld()
  await makeReadyCluster(world, 'prod')
  running = await startBootstrap(world)
})

afterAll(async () => {
  await running.stop()
  await world[Symbol.asyncDispose]()
})

const key = (name: string) => keyIn(world, name)
const name = 'cloudy'
const external = {
  args: ['--debug=true', '--enable-cloud-provider', '--kubelet-extra-args="--cloud-provider=external"', '--debug=true'],
  version: 'v1.36.3+k0s.1',
  downloadURL: 'https://mirror.example.org/k0s/v1.36.3+k0s.1/k0s-v1.36.3+k0s.1-amd64',
}
const untilJoinable = (said: string) =>
  world.management.until(k0sWorkerConfig, key(name), config => conditionOf(config, 'Joinable') === said)
const script = async () => (await filesOf(world, name)).get('/etc/k0s-bootstrap.sh') ?? ''

it('its arguments and its download are in the data as they were written, and again when that is made anew', async () => {
  await makeMachine(world, { cluster: 'prod', name, spec: external })
  await untilSaid(world, name, 'True Available')
  const before = await world.management.until(secrets, key(name), () => true)
  const lines = (await script()).split('\n')
  expect(lines.filter(line => line.includes(' install worker '))).toEqual([
    "'/usr/local/bin/k0s' install worker --force '--token-file' '/etc/k0s.token' '--labels=k0smotron.io/machine-name=cloudy' '--debug=true' '--enable-cloud-provider' '--debug=true' '--kubelet-extra-args=--hostname-override=cloudy --cloud-provider=external'",
  ])
  expect(lines.filter(line => line.includes(`'${external.downloadURL}'`))).toHaveLength(1)

  await world.management.client.delete(secrets, key(name))
  const after = await world.management.until(secrets, key(name), ({ metadata }) => metadata.uid !== before.metadata.uid)
  expect(after.data).toEqual(before.data)
})

it('that a cloud controller has to act is told, and its node gets no provider ID from us', async () => {
  const { client } = world.management
  await untilJoinable('Unknown WaitingForCloudController')
  await client.patchMerge(machines, key(name), { spec: { providerID: 'cloud://cloudy' } })
  await world.hosted.create(nodes, {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'k0smotron.io/machine-name': name } },
    spec: {
      taints: [{ key: 'node.cloudprovider.kubernetes.io/uninitialized', value: 'true', effect: 'NoSchedule' }],
    },
  })
  await world.management.quiet()
  const mark = await world.workload.auditLog.mark()
  // wakes it once more: it decides the same
  await client.patchMerge(k0sWorkerConfig, key(name), { metadata: { annotations: { seen: 'again' } } })
  await world.management.quiet()
  const entries = await world.workload.auditLog.since(mark)
  expect(entries.filter(entry => isWrite(entry) && entry.resource === 'nodes')).toEqual([])
  expect((await world.hosted.get(nodes, { name }))?.spec?.providerID).toBeUndefined()
  await untilJoinable('Unknown WaitingForCloudController')

  // what the cloud's controller does, and core when it sees that
  await world.hosted.patchMerge(nodes, { name }, { spec: { providerID: 'cloud://cloudy', taints: null } })
  await client.patchMerge(machines, key(name), { status: { nodeRef: { name } } }, { subresource: 'status' })
  await untilJoinable('absent')
  await expect.poll(() => tokensOf(world, name)).toEqual([])
})
