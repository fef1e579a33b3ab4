// Bad input and trouble: each is said by a condition and an Event, and heals when its cause goes — shell
import {
  clusters,
  datastoreFormedAnnotation,
  type KubeObject,
  k0smotronControlPlane,
  namesOf,
  type ResourceType,
} from '@k0smotron-ts/api'
import { isWrite, type Management, startHostedControlPlane } from '@k0smotron-ts/hack/testenv'
import { configMaps, secrets, services, statefulSets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionOf, controlPlaneOf, eventsOf, makeControlPlane, messageOf, namespace, startWorld } from './world.ts'

const version = 'v1.36.3+k0s.1'
let world: Management

beforeAll(async () => {
  world = await startWorld()
})

afterAll(() => world[Symbol.asyncDispose]())

const keyOf = (name: string) => ({ namespace, name })
const until = (name: string, type: string, condition: string) =>
  world.until(k0smotronControlPlane, keyOf(name), object => conditionOf(object, type) === condition)

interface Role extends KubeObject {
  readonly rules: readonly { readonly resources?: readonly string[] }[]
}
const clusterRoles: ResourceType<Role> = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  namespaced: false,
}
const accessReviews: ResourceType<KubeObject & { readonly status?: { readonly allowed: boolean } }> = {
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SubjectAccessReview',
  plural: 'subjectaccessreviews',
  namespaced: false,
}

const patchSpec = (name: string, spec: object) => world.client.patchMerge(k0smotronControlPlane, keyOf(name), { spec })

it('a version that nobody can read stops nothing but the pods, and a corrected one heals it', async () => {
  await makeControlPlane(world, 'version', { version: 'newest' })
  const bad = await until('version', 'ControlPlaneComponentsHealthy', 'False InvalidVersion')
  expect(messageOf(bad, 'ControlPlaneComponentsHealthy')).toContain('spec.version: "newest" is no k0s version')
  expect(conditionOf(bad, 'CertificatesAvailable')).toBe('True CertificatesAvailable')
  await world.untilEvent(keyOf('version'), 'Warning InvalidVersion')

  await patchSpec('version', { version })
  await until('version', 'ControlPlaneComponentsHealthy', 'True ControlPlaneComponentsHealthy')
  await patchSpec('version', { version: 'newest' })
  const live = await until('version', 'ControlPlaneComponentsHealthy', 'False InvalidVersion')
  expect(live.status?.readyReplicas).toBe(1)
  expect(await world.client.get(statefulSets, keyOf('kmc-version'))).toBeDefined()
})

it('a control plane without an owner waits for it, and goes on when core sets it', async () => {
  const cluster = await world.client.create(clusters, {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Cluster',
    metadata: { name: 'orphan', namespace },
    spec: {
      controlPlaneRef: { apiGroup: k0smotronControlPlane.group, kind: k0smotronControlPlane.kind, name: 'orphan' },
    },
  })
  const { metadata, ...rest } = controlPlaneOf(cluster, { version })
  const { ownerReferences, ...orphan } = metadata
  await world.client.create(k0smotronControlPlane, { ...rest, metadata: orphan })
  const waiting = await until('orphan', 'Available', 'False WaitingForOwner')
  expect(messageOf(waiting, 'Available')).toContain('does spec.controlPlaneRef of a Cluster name this object?')

  await world.client.patchMerge(k0smotronControlPlane, keyOf('orphan'), { metadata: { ownerReferences } })
  await until('orphan', 'ControlPlaneComponentsHealthy', 'True ControlPlaneComponentsHealthy')
})

it('a paused control plane is not touched, and says so', async () => {
  await makeControlPlane(world, 'paused', { version }, { cluster: { paused: true } })
  await until('paused', 'Paused', 'True Paused')
  expect(await world.client.get(services, keyOf('kmc-paused'))).toBeUndefined()
  await world.client.patchMerge(clusters, keyOf('paused'), { spec: { paused: false } })
  const free = await until('paused', 'ControlPlaneComponentsHealthy', 'True ControlPlaneComponentsHealthy')
  expect(conditionOf(free, 'Paused')).toBe('False NotPaused')
})

it('an authority of the user without its key is refused by name, before k0s would replace it', async () => {
  const { ca } = namesOf('keyless')
  const labels = { 'cluster.x-k8s.io/cluster-name': 'keyless' }
  await world.client.create(secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'cluster.x-k8s.io/secret',
    metadata: { name: ca, namespace, labels },
    data: { 'tls.crt': Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64') },
  })
  await makeControlPlane(world, 'keyless', { version })
  const bad = await until('keyless', 'CertificatesAvailable', 'False InvalidCertificate')
  expect(messageOf(bad, 'CertificatesAvailable')).toBe(
    'Secret keyless-ca: key tls.key is missing; put it there, or delete the Secret to have a new one made',
  )
  expect(await world.client.get(statefulSets, keyOf('kmc-keyless'))).toBeUndefined()

  await world.client.delete(secrets, keyOf(ca))
  await until('keyless', 'ControlPlaneComponentsHealthy', 'True ControlPlaneComponentsHealthy')
})

it('an object of someone else under our name is left alone, and named', async () => {
  const foreign = await world.client.create(services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kmc-taken', namespace, labels: { mine: 'yes' } },
    spec: { ports: [{ name: 'web', port: 80 }], selector: { app: 'web' } },
  })
  const config = await world.client.create(configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kmc-taken-etcd-config', namespace },
    data: { theirs: 'x' },
  })
  await makeControlPlane(world, 'taken', { version })
  const bad = await until('taken', 'EndpointAvailable', 'False NotOurs')
  expect(messageOf(bad, 'EndpointAvailable')).toMatch(
    /^Service kmc-taken exists and nothing proves that it is ours; if it is a restored part of this cluster, label it app=k0smotron cluster=taken .*; else rename or delete it$/,
  )
  const datastore = await until('taken', 'DatastoreAvailable', 'False NotOurs')
  expect(messageOf(datastore, 'DatastoreAvailable')).toContain('ConfigMap kmc-taken-etcd-config')
  expect(await world.client.get(services, keyOf('kmc-taken'))).toEqual(foreign)
  expect(await world.client.get(configMaps, keyOf('kmc-taken-etcd-config'))).toEqual(config)

  await world.client.delete(services, keyOf('kmc-taken'))
  await world.client.delete(configMaps, keyOf('kmc-taken-etcd-config'))
  await until('taken', 'ControlPlaneComponentsHealthy', 'True ControlPlaneComponentsHealthy')
})

it('a write that our rights do not cover is said, and repeated until they do', async () => {
  const role = { name: 'k0smotron-control-plane' }
  const whole = await world.until(clusterRoles, role, () => true)
  const rules = whole.rules.filter(({ resources }) => !resources?.includes('services'))
  await world.client.patchMerge(clusterRoles, role, { rules })
  const mayApply = async () => {
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      metadata: {},
      spec: {
        user: 'system:serviceaccount:k0smotron:k0smotron-control-plane',
        resourceAttributes: { namespace, verb: 'patch', resource: 'services' },
      },
    }
    return (await world.client.create(accessReviews, review)).status?.allowed
  }
  await expect.poll(mayApply).toBe(false)

  await makeControlPlane(world, 'rights', { version })
  const bad = await until('rights', 'EndpointAvailable', 'False ApplyRefused')
  expect(messageOf(bad, 'EndpointAvailable')).toBe(
    "refused: Service (Forbidden); mend rights, quota or admission policy of the management cluster; an Event has the server's answer",
  )
  await world.untilEvent(keyOf('rights'), 'Warning ApplyRefused')
  const told = await eventsOf(world, 'rights')
  const answers = told.filter(({ reason }) => reason === 'ApplyRefused').map(({ message }) => message)
  expect(answers).toEqual([expect.stringContaining('cannot patch resource "services"')])

  await world.client.patchMerge(clusterRoles, role, { rules: whole.rules })
  await until('rights', 'ControlPlaneComponentsHealthy', 'True ControlPlaneComponentsHealthy')
})

it('objects that were restored without their keys or their volume do not start anew', async () => {
  await makeControlPlane(world, 'lost', { version }, { annotations: { [datastoreFormedAnnotation]: 'true' } })
  const bad = await until('lost', 'CertificatesAvailable', 'False AuthorityLost')
  expect(messageOf(bad, 'CertificatesAvailable')).toMatch(/^Secrets lost-ca, lost-proxy, lost-etcd, lost-sa are gone/)
  expect(messageOf(bad, 'CertificatesAvailable')).toContain(
    `annotation ${datastoreFormedAnnotation} tells of a datastore`,
  )
  expect(conditionOf(bad, 'DatastoreAvailable')).toBe('False DatastoreLost')
  expect(await world.client.get(statefulSets, keyOf('kmc-lost-etcd'))).toBeUndefined()

  await world.client.patchMerge(k0smotronControlPlane, keyOf('lost'), {
    metadata: { annotations: { [datastoreFormedAnnotation]: null } },
  })
  await until('lost', 'DatastoreAvailable', 'True DatastoreAvailable')
})

it('a Secret that is deleted comes back; the kubeconfig follows its authority', async () => {
  await makeControlPlane(world, 'deleted', { version })
  await until('deleted', 'ControlPlaneComponentsHealthy', 'True ControlPlaneComponentsHealthy')
  const { kubeconfig, etcdServer } = namesOf('deleted')
  for (const name of [kubeconfig, etcdServer]) {
    const before = await world.client.get(secrets, keyOf(name))
    await world.client.delete(secrets, keyOf(name))
    const after = await world.until(secrets, keyOf(name), ({ metadata }) => metadata.uid !== before?.metadata.uid)
    expect(after.data).not.toEqual(before?.data)
  }
})

it.each([
  ['10.0.0.300', 'it ends in a number and is no IPv4 address'],
  ['https://lb.example.org', 'it is a URL'],
])('a Cluster with the endpoint %s is told so, and nothing is written again and again', async (host, fault) => {
  const name = `host-${host.length}`
  const key = keyOf(name)
  await makeControlPlane(world, name, { version }, { cluster: { controlPlaneEndpoint: { host, port: 6443 } } })
  const told = await world.until(
    k0smotronControlPlane,
    key,
    object =>
      conditionOf(object, 'EndpointAvailable') === 'False InvalidEndpoint' &&
      conditionOf(object, 'CertificatesAvailable') === 'True CertificatesAvailable',
  )
  expect(messageOf(told, 'EndpointAvailable')).toBe(
    `Cluster ${name}: spec.controlPlaneEndpoint.host is "${host}": ${fault}; write a DNS name or an IP address, without scheme, port and brackets`,
  )
  await world.quiet()
  const mark = await world.env.auditLog.mark()
  // wakes it once more: a pass at rest decides the same
  await world.client.patchMerge(k0smotronControlPlane, key, { metadata: { annotations: { seen: 'again' } } })
  await world.quiet()
  const writes = (await world.env.auditLog.since(mark)).filter(
    entry => isWrite(entry) && entry.resource === 'secrets' && entry.name?.startsWith(`${name}-`),
  )
  expect(writes).toEqual([])
  expect(await world.client.get(secrets, keyOf(namesOf(name).kubeconfig))).toBeUndefined()
  expect(await world.client.get(statefulSets, keyOf(`kmc-${name}`))).toBeUndefined()

  await world.client.patchMerge(clusters, key, { spec: { controlPlaneEndpoint: { host: 'lb.example.org' } } })
  await until(name, 'KubeconfigAvailable', 'True KubeconfigAvailable')
})

it('a workload API that cannot be reached is said, and initialized is not taken back', async () => {
  const spec = { version, externalAddress: world.env.publishedAddress, service: { type: 'ClusterIP', apiPort: 30444 } }
  await makeControlPlane(world, 'reached', spec)
  // the same reason is given before the first answer is there
  const nobody = `nobody at ${world.env.publishedAddress}:30444 (Secret reached-kubeconfig) answers as the API server of this cluster`
  const silent = await world.until(
    k0smotronControlPlane,
    keyOf('reached'),
    object => messageOf(object, 'Available') === nobody,
  )
  expect(conditionOf(silent, 'Available')).toBe('False APIServerUnreachable')
  expect(silent.status?.initialization?.controlPlaneInitialized).toBe(false)

  const hosted = await startHostedControlPlane({ env: world.env, namespace, cluster: 'reached' })
  await until('reached', 'Available', 'True Available')
  await hosted.stop()
  const gone = await until('reached', 'Available', 'False APIServerUnreachable')
  expect(gone.status?.initialization?.controlPlaneInitialized).toBe(true)
  expect(gone.status?.version).toBe(version)
})

it('a field that another manager takes is taken back; a fight is stepped back from, and named', async () => {
  await makeControlPlane(world, 'fight', { version })
  await until('fight', 'ControlPlaneComponentsHealthy', 'True ControlPlaneComponentsHealthy')
  const steal = () =>
    world.client.apply(
      services,
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'kmc-fight', namespace, labels: { 'app.kubernetes.io/component': 'mine' } },
      },
      { fieldManager: 'thief' },
    )
  for (let round = 0; round < 3; round += 1) {
    await steal()
    await world.until(
      services,
      keyOf('kmc-fight'),
      ({ metadata }) => metadata.labels?.['app.kubernetes.io/component'] === 'control-plane',
    )
  }
  await steal()
  const contested = await until('fight', 'EndpointAvailable', 'False Contested')
  expect(messageOf(contested, 'EndpointAvailable')).toContain('Service kmc-fight is changed again and again by thief')
})
