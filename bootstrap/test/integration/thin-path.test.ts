// From a Machine with an owner to a node with a provider ID, on real API servers — shell
import { k0sWorkerConfig, machines } from '@k0smotron-ts/api'
import { type AuditEntry, countBy, isEvent, isWrite, kubectl, movableClock } from '@k0smotron-ts/hack/testenv'
import { nodes, secrets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  createMachine,
  joinTokenIn,
  keyIn,
  makeConfig,
  makeMachine,
  makeReadyCluster,
  own,
  startBootstrap,
  startWorld,
  text,
  tokensOf,
  untilSaid,
  type World,
} from './world.ts'

const here = ({ user }: AuditEntry): boolean => user === 'system:serviceaccount:k0smotron:k0smotron-bootstrap'
const there = ({ userAgent }: AuditEntry): boolean => userAgent.startsWith('k0s-bootstrap/')
const isWork = (entry: AuditEntry): boolean => !isEvent(entry)

let world: World
const key = (name: string) => keyIn(world, name)

beforeAll(async () => {
  world = await startWorld()
  await makeReadyCluster(world, 'prod')
})

afterAll(() => world[Symbol.asyncDispose]())

it('the data comes with few requests, the node gets its ID, the token is taken back, and then nothing is written', async () => {
  const { management, hosted, workload } = world
  const { client, env } = management
  const running = await startBootstrap(world)
  const marks = [await env.auditLog.mark(), await workload.auditLog.mark()] as const
  const since = async () => [
    ...(await env.auditLog.since(marks[0])).filter(here),
    ...(await workload.auditLog.since(marks[1])).filter(there),
  ]

  await makeConfig(world, {
    cluster: 'prod',
    name: 'm1',
    spec: {
      secretMetadata: { labels: {}, annotations: { mine: 'x' } },
      files: [],
      args: ['--debug'],
      useSystemHostname: true,
    },
  })
  await untilSaid(world, 'm1', 'False WaitingForOwner')
  await own(world, await createMachine(world, { cluster: 'prod', name: 'm1' }))
  const ready = await untilSaid(world, 'm1', 'True Available')
  expect(ready.status).toMatchObject({
    dataSecretName: 'm1',
    initialization: { dataSecretCreated: true },
    observedGeneration: 1,
    version: 'v1.36.3+k0s.1',
    joinTokenExpiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}Z$/),
  })
  expect(await kubectl(env.kubeconfig, ['get', 'k0sworkerconfig', 'm1', `--namespace=${key('m1').namespace}`])).toMatch(
    /^NAME +CLUSTER +VERSION +READY +WAITING FOR +TOKEN EXPIRES +AGE\nm1 +prod +v1\.36\.3\+k0s\.1 +True .* \d{4}-\d\d-\d\dT[\d:]{8}Z +\S+$/,
  )
  const data = await management.until(secrets, key('m1'), () => true)
  expect(text(data.data?.format)).toBe('cloud-config')
  expect(data.metadata).toMatchObject({
    labels: { 'cluster.x-k8s.io/cluster-name': 'prod' },
    annotations: { mine: 'x' },
    ownerReferences: [{ kind: 'K0sWorkerConfig', name: 'm1', uid: ready.metadata.uid, controller: true }],
  })
  const { token, server, certificateAuthority } = await joinTokenIn(world, 'm1')
  expect({ server, certificateAuthority }).toEqual({
    server: 'https://10.0.0.5:30443',
    certificateAuthority: workload.connection.ca,
  })
  expect(await tokensOf(world, 'm1')).toEqual([token])

  await client.patchMerge(machines, key('m1'), { spec: { providerID: 'lab://m1' } })
  const labels = { 'k0smotron.io/machine-name': 'm1' }
  await hosted.create(nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'host-7', labels } })
  await world.untilHosted(nodes, { name: 'host-7' }, node => node?.spec?.providerID === 'lab://m1')

  await client.patchMerge(machines, key('m1'), { status: { nodeRef: { name: 'host-7' } } }, { subresource: 'status' })
  await management.until(
    secrets,
    key('m1-join-token'),
    ({ metadata }) => 'k0smotron.io/token-revoked' in (metadata.annotations ?? {}),
  )
  expect(await tokensOf(world, 'm1')).toEqual([])
  await management.until(k0sWorkerConfig, key('m1'), ({ status }) => status?.joinTokenExpiration === undefined)

  const writes = (await since()).filter(entry => isWork(entry) && isWrite(entry))
  expect(countBy(writes, ['verb', 'resource', 'subresource'])).toMatchInlineSnapshot(`
    {
      "create secrets ": 3,
      "delete secrets ": 1,
      "patch k0sworkerconfigs.bootstrap.cluster.x-k8s.io status": 3,
      "patch nodes ": 1,
      "patch secrets ": 1,
    }
  `)
  await management.quiet()
  const idle = [await env.auditLog.mark(), await workload.auditLog.mark()] as const
  await running.stop()
  await using _again = await startBootstrap(world)
  await management.quiet()
  const after = [
    ...(await env.auditLog.since(idle[0])).filter(here),
    ...(await workload.auditLog.since(idle[1])).filter(there),
  ]
  expect(after.filter(isWrite)).toEqual([])
  expect(Object.keys(countBy(after.filter(isWork), ['verb'])).sort()).toEqual(['list', 'watch'])
})

it('while a node is waited for, an idle provider and a restarted one write nothing', async () => {
  const { management, workload } = world
  const clock = movableClock()
  await using running = await startBootstrap(world, { clock })
  const spec = {
    version: 'v1.36.3',
    downloadURL: '',
    workingDir: '/etc//',
    args: ['', '  --debug  --labels="a/b=c" '],
    files: [{ path: '/etc/./motd', content: '', permissions: '644' }],
    secretMetadata: { labels: {}, annotations: {} },
    provisioner: {},
  }
  await makeMachine(world, { cluster: 'prod', name: 'late', spec })
  await untilSaid(world, 'late', 'True Available')
  await management.quiet()
  const marks = [await management.env.auditLog.mark(), await workload.auditLog.mark()] as const
  await clock.move(120_000) // no longer: the server cannot keep up, and a watch without bookmarks is taken for dead
  await management.quiet()
  const idle = [
    ...(await management.env.auditLog.since(marks[0])).filter(here),
    ...(await workload.auditLog.since(marks[1])).filter(there),
  ]
  expect(idle.filter(isWrite)).toEqual([])

  await running.stop()
  await using _again = await startBootstrap(world)
  const watchesThere = async () => countBy((await workload.auditLog.since(marks[1])).filter(there), ['verb']).watch
  await expect.poll(watchesThere).toBeGreaterThan(0)
  await management.quiet()
  const after = [
    ...(await management.env.auditLog.since(marks[0])).filter(here),
    ...(await workload.auditLog.since(marks[1])).filter(there),
  ]
  expect(after.filter(isWrite)).toEqual([])
})
