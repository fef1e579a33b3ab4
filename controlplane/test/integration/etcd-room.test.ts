// How full a real etcd is: a single member is asked, its alarm is told, and that it has room again; it has all flags that it may have — shell
import { k0smotronControlPlane } from '@k0smotron-ts/api'
import { type Management, movableClock, startManagement } from '@k0smotron-ts/hack/testenv'
import { createMetrics } from '@k0smotron-ts/runtime/shell'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type EtcdClient, etcdClient } from './etcd-client.ts'
import { type EtcdKubelet, etcdKubelet } from './etcd-kubelet.ts'
import { conditionOf, makeControlPlane, namespace, startControlPlane } from './world.ts'

const name = 'room'
const key = { namespace, name }
const Mi = 1024 ** 2
/** All but the quota, which a small volume has no room for: with these a real etcd starts. */
const allFlags = [
  '--auto-compaction-retention=10m',
  '--election-timeout=2000',
  '--heartbeat-interval=200',
  '--initial-election-tick-advance=false',
  '--log-level=warn',
  '--max-request-bytes=2097152',
  '--max-txn-ops=512',
  '--metrics=extensive',
  '--pre-vote',
  '--snapshot-count=5000',
  '--tls-min-version=TLS1.3',
]
const clock = movableClock()
const metrics = createMetrics()
let world: Management
let kubelet: EtcdKubelet
let client: EtcdClient

beforeAll(async () => {
  world = await startManagement({ controllerManager: true, clusterApiKinds: true })
  kubelet = await etcdKubelet(world, namespace, name)
})

afterAll(async () => {
  await client?.[Symbol.asyncDispose]()
  await kubelet?.[Symbol.asyncDispose]()
  await world?.[Symbol.asyncDispose]()
})

const said = async (condition: string) => {
  const until = world.until(
    k0smotronControlPlane,
    key,
    object => conditionOf(object, 'DatastoreAvailable') === condition,
  )
  // longer than the member may be left alone
  await clock.move(6 * 60_000)
  return (await until).status?.etcd
}
const base64 = (text: string) => Buffer.from(text).toString('base64')
const measured = async (metric: string) => {
  const text = await metrics.registry.metrics()
  const lines = text.split('\n').filter(line => line.startsWith(`k0smotron_control_plane_etcd_${metric}{`))
  return lines.map(line => line.replace(/^.*,(\w+="\w+")\} /, '$1 ')).toSorted()
}

it('of a small volume it reaches its quota, and says so until there is room', async () => {
  await using _running = await startControlPlane(world, { clock, metrics })
  const storage = { etcd: { persistence: { size: '64Mi' }, args: allFlags } }
  const externalAddress = world.env.publishedAddress
  await makeControlPlane(world, name, { version: 'v1.36.3+k0s.1', externalAddress, storage })
  const started = await world.until(
    k0smotronControlPlane,
    key,
    object => conditionOf(object, 'DatastoreAvailable')?.startsWith('True') === true,
  )
  expect(conditionOf(started, 'NotSupported')).not.toContain('True')
  client = await etcdClient(world, namespace, name, kubelet)

  let refused: string | undefined
  const value = base64('x'.repeat(Mi))
  for (let count = 0; count < 20 && refused === undefined; count += 1)
    refused = (await client.ask('kv/put', { key: base64(`key-${count}`), value })).message
  expect(refused).toContain('database space exceeded')
  expect(await said('False DatastoreOutOfSpace')).toEqual({
    // rounded up
    databaseSize: expect.stringMatching(/^(16|20)Mi$/),
    databaseQuota: '16Mi',
    alarms: ['NOSPACE'],
  })
  expect(await measured('alarm')).toEqual(['alarm="CORRUPT" 0', 'alarm="NOSPACE" 1'])
  expect(await measured('database_quota_bytes')).toEqual([`member="0" ${16 * Mi}`])

  const { header } = await client.ask('kv/deleterange', { key: base64('key-'), range_end: base64('key.') })
  await client.ask('kv/compaction', { revision: header?.revision, physical: true })
  await client.ask('maintenance/defragment', {})
  const raised = { memberID: await client.idOf(0), alarm: 'NOSPACE' }
  const disarmed = await client.ask('maintenance/alarm', { action: 'DEACTIVATE', ...raised })
  expect(disarmed).toMatchObject({ alarms: [raised] })
  expect(await said('True DatastoreAvailable')).toMatchObject({ databaseQuota: '16Mi' })
  expect(await measured('alarm')).toEqual(['alarm="CORRUPT" 0', 'alarm="NOSPACE" 0'])
})
