// Cluster of k0smotron.io on a real API server that knows nothing of Cluster API, under the rights of its own — shell
import {
  clusterFinalizer,
  defaultVersionAnnotation,
  type K0smotronCluster,
  k0smotronCluster,
  k0smotronControlPlane,
  namesOf,
} from '@k0smotron-ts/api'
import { controlPlaneProvider } from '@k0smotron-ts/controlplane'
import {
  type AuditEntry,
  countBy,
  installClusterApiKinds,
  isWrite,
  type Management,
  startHostedControlPlane,
  startManagement,
} from '@k0smotron-ts/hack/testenv'
import { type Logger, persistentVolumeClaims, secrets, services, statefulSets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeControlPlane, namespace } from './world.ts'

const newest = 'v1.36.3+k0s.1'
let world: Management

beforeAll(async () => {
  world = await startManagement({ kwok: true })
  await world.env.addNode('node-1')
})

afterAll(() => world[Symbol.asyncDispose]())

const start = () => world.start(controlPlaneProvider, 'k0smotron-standalone', { enableController: 'standalone' })
const ours = ({ user }: AuditEntry) => user === 'system:serviceaccount:k0smotron:k0smotron-standalone'
const keyOf = (name: string) => ({ namespace, name })
const apiVersion = 'k0smotron.io/v1beta2'

const make = (name: string, rest: Partial<K0smotronCluster> & { readonly spec?: object }): Promise<K0smotronCluster> =>
  world.client.create(k0smotronCluster, {
    apiVersion,
    kind: 'Cluster',
    ...rest,
    metadata: { ...rest.metadata, name, namespace },
  } as K0smotronCluster)

const conditionOf = ({ status }: K0smotronCluster, type: string) => {
  const condition = status?.conditions?.find(one => one.type === type)
  return condition ? `${condition.status} ${condition.reason}` : 'absent'
}

const until = (name: string, type: string, expected: string) =>
  world.until(k0smotronCluster, keyOf(name), object => conditionOf(object, type) === expected)

const untilFormed = (name: string) => until(name, 'DatastoreAvailable', 'True DatastoreAvailable')

describe('a Cluster', () => {
  it('without any spec gets a NodePort and the newest version', async () => {
    await using _ = await start()
    await make('bare', {})
    const ready = await world.until(k0smotronCluster, keyOf('bare'), ({ status }) => status?.readyReplicas === 1)
    expect(ready.spec).toEqual({ replicas: 1 })
    expect(ready.metadata.finalizers).toEqual([clusterFinalizer])
    expect(ready.metadata.annotations).toMatchObject({ [defaultVersionAnnotation]: newest })
    const service = await world.until(services, keyOf('kmc-bare-nodeport'), () => true)
    const nodePort = service.spec?.ports?.find(({ name }) => name === 'api')?.nodePort
    expect(ready.status).toMatchObject({
      selector: 'app=k0smotron,cluster=bare,component=cluster,cluster.x-k8s.io/control-plane=true',
      ports: { api: nodePort, serviceType: 'NodePort' },
      publishedEndpoint: { port: nodePort },
    })
    const set = await world.until(statefulSets, keyOf('kmc-bare'), () => true)
    expect(set.spec?.template.spec?.containers[0]?.image).toBe('quay.io/k0sproject/k0s:v1.36.3-k0s.1')
    expect(set.metadata.ownerReferences).toMatchObject([
      { apiVersion, kind: 'Cluster', name: 'bare', controller: true },
    ])
  })

  it('that answers is available: its kubeconfig works, and its status says where and what; then it is left alone', async () => {
    await using running = await start()
    await make('whole', { spec: { externalAddress: world.env.publishedAddress } })
    await world.until(k0smotronCluster, keyOf('whole'), ({ status }) => status?.readyReplicas === 1)
    await using hosted = await startHostedControlPlane({ env: world.env, namespace, cluster: 'whole' })
    const up = await until('whole', 'Available', 'True Available')
    expect(up.status).toMatchObject({
      version: newest,
      replicas: 1,
      readyReplicas: 1,
      updatedReplicas: 1,
      publishedEndpoint: { host: world.env.publishedAddress },
    })
    expect(hosted.connection.server).toContain(`:${up.status?.publishedEndpoint?.port}`)
    const kubeconfig = await world.until(secrets, keyOf('whole-kubeconfig'), () => true)
    expect(kubeconfig).toMatchObject({
      type: 'cluster.x-k8s.io/secret',
      metadata: { ownerReferences: [{ kind: 'Cluster', name: 'whole' }] },
    })
    await world.untilEvent(keyOf('whole'), 'Normal Available')
    await world.quiet()
    await running.stop()
    const mark = await world.env.auditLog.mark()
    await using _again = await start()
    await world.quiet()
    const writes = (await world.env.auditLog.since(mark)).filter(
      entry => ours(entry) && isWrite(entry) && entry.name === 'whole',
    )
    expect(countBy(writes, ['verb', 'resource', 'name'])).toEqual({})
  })

  it('keeps the version that it has, whatever a later release would begin with', async () => {
    const old = 'v1.35.8+k0s.0'
    await using _ = await start()
    await make('kept', { spec: { version: old, service: { type: 'ClusterIP' } } })
    await untilFormed('kept')
    const set = await world.until(statefulSets, keyOf('kmc-kept'), () => true)
    await world.client.patchMerge(k0smotronCluster, keyOf('kept'), { spec: { version: null } } as object)
    const now = await world.until(
      k0smotronCluster,
      keyOf('kept'),
      ({ metadata }) => metadata.annotations?.[defaultVersionAnnotation] === old,
    )
    expect(now.spec.version).toBeUndefined()
    await world.quiet()
    const after = await world.until(statefulSets, keyOf('kmc-kept'), () => true)
    expect(after.metadata.generation).toBe(set.metadata.generation)
  })

  it('keeps the version also when a restore took its memory and the owner of its pods', async () => {
    const version = 'v1.35.8+k0s.0'
    const running = await start()
    await make('back', { spec: { version, service: { type: 'ClusterIP' } } })
    await untilFormed('back')
    await running.stop()
    const set = await world.until(statefulSets, keyOf('kmc-back'), () => true)
    const withoutOwner = { metadata: { ownerReferences: null } } as object
    await world.client.patchMerge(statefulSets, keyOf('kmc-back'), withoutOwner)
    await world.client.patchMerge(k0smotronCluster, keyOf('back'), { spec: { version: null } } as object)
    await using _ = await start()
    await world.until(statefulSets, keyOf('kmc-back'), ({ metadata }) => metadata.ownerReferences?.length === 1)
    await world.quiet()
    const after = await world.until(statefulSets, keyOf('kmc-back'), () => true)
    expect(after.metadata.generation).toBe(set.metadata.generation)
  })

  it('takes everything with it but the volume, which no other of its name starts on', async () => {
    await using _ = await start()
    const first = await make('gone', {})
    await untilFormed('gone')
    await world.client.delete(k0smotronCluster, keyOf('gone'))
    await world.untilGone(k0smotronCluster, keyOf('gone'))
    const { ca, kubeconfig, statefulSet } = namesOf('gone')
    await world.untilGone(statefulSets, keyOf(statefulSet))
    for (const name of [ca, kubeconfig]) await world.untilGone(secrets, keyOf(name))
    await make('gone', {})
    const again = await until('gone', 'DatastoreAvailable', 'False DatastoreVolumeFound')
    expect(again.metadata.uid).not.toBe(first.metadata.uid)
    await world.client.delete(persistentVolumeClaims, keyOf('etcd-data-kmc-gone-etcd-0'))
    await untilFormed('gone')
  })

  it('that k0smotron made for a K0smotronControlPlane is left alone', async () => {
    await using _ = await start()
    const type = { apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2', kind: 'K0smotronControlPlane' }
    const owner = await world.client.create(k0smotronControlPlane, {
      ...type,
      metadata: { name: 'made', namespace },
      spec: {},
    })
    const { uid = '' } = owner.metadata
    await make('made', { metadata: { ownerReferences: [{ ...type, name: 'made', uid }] } })
    const told = await until('made', 'Available', 'False OfControlPlane')
    expect(told.metadata.finalizers).toBeUndefined()
    expect(await world.client.get(services, keyOf('kmc-made-nodeport'))).toBeUndefined()
  })

  it('is not touched while it is paused', async () => {
    await using _ = await start()
    await make('paused', { metadata: { annotations: { 'cluster.x-k8s.io/paused': '' } } })
    const told = await until('paused', 'Paused', 'True Paused')
    expect(told.metadata.finalizers).toBeUndefined()
  })
})

it('where Cluster API comes later, its controllers start by themselves, and nothing is told as an error meanwhile', async () => {
  const errors: string[] = []
  const log: Logger = { error: (_, message) => errors.push(message), info: () => {}, debug: () => {}, child: () => log }
  await using _ = await world.start(controlPlaneProvider, 'k0smotron-control-plane', { log })
  await make('alone', {})
  await untilFormed('alone')
  await installClusterApiKinds(world.client)
  await makeControlPlane(world, 'later', { version: newest })
  await world.until(k0smotronControlPlane, keyOf('later'), ({ status }) =>
    Boolean(status?.conditions?.some(({ type, status: is }) => type === 'DatastoreAvailable' && is === 'True')),
  )
  expect(errors).toEqual([])
})

it('of a Cluster and a K0smotronControlPlane of one name, the second uses nothing of the first, and takes nothing with it', async () => {
  await using _ = await world.start(controlPlaneProvider, 'k0smotron-control-plane')
  const before = await world.until(secrets, keyOf('alone-ca'), () => true)
  const set = await world.until(statefulSets, keyOf('kmc-alone'), () => true)
  await makeControlPlane(world, 'alone', { version: newest })
  await world.until(k0smotronControlPlane, keyOf('alone'), ({ status }) =>
    Boolean(
      status?.conditions?.some(
        ({ type, message }) => type === 'CertificatesAvailable' && /another control plane/.test(message),
      ),
    ),
  )
  await world.client.delete(k0smotronControlPlane, keyOf('alone'))
  await world.untilGone(k0smotronControlPlane, keyOf('alone'))
  expect((await world.client.get(secrets, keyOf('alone-ca')))?.data).toEqual(before.data)
  const after = await world.client.get(statefulSets, keyOf('kmc-alone'))
  expect(after?.metadata).toMatchObject({ uid: set.metadata.uid, generation: set.metadata.generation })
})
