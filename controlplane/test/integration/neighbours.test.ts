// A control plane among labels, policies and namespaces that others made: it starts, and keeps to itself — shell
import { type KubeObject, k0smotronControlPlane, namesOf, type ResourceType } from '@k0smotron-ts/api'
import { type AuditEntry, countBy, install, isEvent, isWrite, type Management } from '@k0smotron-ts/hack/testenv'
import { configMaps, pods, secrets, services, statefulSets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { refusePods } from './policy.ts'
import { conditionOf, makeControlPlane, namespace, startWorld } from './world.ts'

const version = 'v1.36.3+k0s.1'
const healthy = 'ControlPlaneComponentsHealthy'
let world: Management

beforeAll(async () => {
  world = await startWorld()
})

afterAll(() => world[Symbol.asyncDispose]())

const ours = ({ user }: AuditEntry) => user === 'system:serviceaccount:k0smotron:k0smotron-control-plane'
const isWork = (entry: AuditEntry) => ours(entry) && isWrite(entry) && !isEvent(entry)
const until = (where: string, name: string, type: string, condition: string) =>
  world.until(k0smotronControlPlane, { namespace: where, name }, object => conditionOf(object, type) === condition)
const makeNamespace = (name: string) =>
  install(world.client, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }])

type Slice = KubeObject & { readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[] }
const endpointSlices: ResourceType<Slice> = {
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespaced: true,
}

async function readyEndpoints(service: string): Promise<number> {
  const labelSelector = `kubernetes.io/service-name=${service}`
  const { items } = await world.client.list(endpointSlices, { namespace, labelSelector })
  return items.flatMap(({ endpoints = [] }) => endpoints).filter(({ conditions }) => conditions?.ready).length
}

it('labels that are called like ours change no selector; those of the kubeconfig are written and nothing rolls', async () => {
  const name = 'labels'
  const key = { namespace, name }
  const foreign = { app: 'mine', cluster: 'other', component: 'mine', 'app.kubernetes.io/component': 'mine' }
  const spec = { version, kubeconfigSecretMetadata: { labels: { ...foreign, tier: 'gold' } } }
  await makeControlPlane(world, name, spec, { labels: { ...foreign, tier: 'gold' } })
  await until(namespace, name, healthy, `True ${healthy}`)

  const fixed = { app: 'k0smotron', cluster: name }
  const selector = { ...fixed, component: 'cluster', 'cluster.x-k8s.io/control-plane': 'true' }
  const seen = async () => ({
    set: await world.client.get(statefulSets, { namespace, name: 'kmc-labels' }),
    pod: await world.client.get(pods, { namespace, name: 'kmc-labels-0' }),
    kubeconfig: await world.client.get(secrets, { namespace, name: namesOf(name).kubeconfig }),
  })
  const before = await seen()
  expect(before.set?.spec?.selector).toEqual({ matchLabels: selector })
  expect((await world.client.get(services, { namespace, name: 'kmc-labels' }))?.spec?.selector).toEqual(selector)
  await expect.poll(() => readyEndpoints('kmc-labels')).toBe(1)
  const labels = { ...fixed, 'cluster.x-k8s.io/cluster-name': name, 'app.kubernetes.io/component': 'kubeconfig' }
  expect(before.kubeconfig?.metadata.labels).toMatchObject({ ...labels, tier: 'gold' })
  expect([before.set, before.pod].flatMap(object => object?.metadata.labels?.tier ?? [])).toEqual([])

  await world.quiet()
  const mark = await world.env.auditLog.mark()
  const other = {
    metadata: { labels: { tier: 'silver' } },
    spec: { kubeconfigSecretMetadata: { labels: { tier: 'silver' } } },
  }
  await world.client.patchMerge(k0smotronControlPlane, key, other)
  await world.until(
    secrets,
    { namespace, name: namesOf(name).kubeconfig },
    one => one.metadata.labels?.tier === 'silver',
  )
  await world.quiet()
  const after = await seen()
  expect(after.kubeconfig?.data).toEqual(before.kubeconfig?.data)
  expect(after.kubeconfig?.metadata.labels).toMatchObject(labels)
  expect([after.set?.metadata.resourceVersion, after.pod?.metadata.uid]).toEqual([
    before.set?.metadata.resourceVersion,
    before.pod?.metadata.uid,
  ])
  const writes = (await world.env.auditLog.since(mark)).filter(isWork)
  expect(
    countBy(
      writes.filter(({ subresource }) => subresource === ''),
      ['verb', 'resource', 'name'],
    ),
  ).toEqual({
    [`update secrets ${namesOf(name).kubeconfig}`]: 1,
  })
  expect(writes.length).toBeLessThanOrEqual(3)
})

const mountsToken =
  'has(object.spec.volumes) && object.spec.volumes.exists(v, has(v.projected) && has(v.projected.sources) && v.projected.sources.exists(s, has(s.serviceAccountToken)))'

it('a policy against tokens of service accounts in pods refuses none of ours', async () => {
  const message = 'pods here must not mount a service account token'
  await refusePods(world.client, { where: 'careful', unless: `!(${mountsToken})`, message })
  await makeControlPlane(world, 'prod', { version }, { where: 'careful' })
  await until('careful', 'prod', healthy, `True ${healthy}`)
  const { items } = await world.client.list(pods, { namespace: 'careful' })
  expect(new Set(items.map(({ metadata }) => metadata.name))).toEqual(new Set(['kmc-prod-0', 'kmc-prod-etcd-0']))
  expect(items.map(({ spec }) => spec?.automountServiceAccountToken)).toEqual([false, false])
})

it('one name in two namespaces: nothing is shared, and the end of one is no write in the other', async () => {
  const places = ['team-a', 'team-b'] as const
  for (const where of places) {
    await makeNamespace(where)
    await makeControlPlane(world, 'prod', { version, service: { type: 'NodePort' } }, { where })
  }
  for (const where of places) await until(where, 'prod', healthy, `True ${healthy}`)
  const [a, b] = await Promise.all(
    places.map(async where => ({
      authority: (await world.client.get(secrets, { namespace: where, name: namesOf('prod').ca }))?.data?.['tls.crt'],
      endpoint: (await world.client.get(k0smotronControlPlane, { namespace: where, name: 'prod' }))?.spec
        .controlPlaneEndpoint,
    })),
  )
  expect(a?.authority).toBeDefined()
  expect(a?.authority).not.toBe(b?.authority)
  expect(a?.endpoint?.port).not.toBe(b?.endpoint?.port)

  await world.quiet()
  const mark = await world.env.auditLog.mark()
  await world.client.delete(k0smotronControlPlane, { namespace: 'team-b', name: 'prod' })
  await world.untilGone(k0smotronControlPlane, { namespace: 'team-b', name: 'prod' })
  await world.untilGone(statefulSets, { namespace: 'team-b', name: 'kmc-prod' })
  await world.quiet()
  // controllers of Kubernetes may come late to what they owe team-a
  const writes = (await world.env.auditLog.since(mark)).filter(entry => isWork(entry) && entry.namespace === 'team-a')
  expect(countBy(writes, ['verb', 'resource', 'subresource', 'name'])).toEqual({})
  expect(
    (await world.client.list(configMaps, { namespace: 'team-a', labelSelector: 'app=k0smotron' })).items,
  ).toHaveLength(2)
})
