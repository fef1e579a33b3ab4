// Available names the cause, whatever waits for it: what kubectl get shows is what somebody has to mend — shell
import { type KubeObject, k0smotronControlPlane, type ResourceType } from '@k0smotron-ts/api'
import { install, isWrite, type Management, untilRefused } from '@k0smotron-ts/hack/testenv'
import { events, pods, secrets, statefulSets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { allowPods, refusePods } from './policy.ts'
import { conditionOf, makeControlPlane, messageOf, namespace, startWorld } from './world.ts'

const version = 'v1.36.3+k0s.1'
const healthy = 'ControlPlaneComponentsHealthy'
let world: Management

beforeAll(async () => {
  world = await startWorld()
})

afterAll(() => world[Symbol.asyncDispose]())

const keyOf = (name: string) => ({ namespace, name })
const until = (name: string, type: string, condition: string, where = namespace) =>
  world.until(k0smotronControlPlane, { namespace: where, name }, object => conditionOf(object, type) === condition)
const patchSpec = (name: string, spec: object) => world.client.patchMerge(k0smotronControlPlane, keyOf(name), { spec })

const quotas: ResourceType<KubeObject & { readonly spec?: object; readonly status?: object }> = {
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  namespaced: true,
}

it('a quota that refuses our Secrets is what Available says, and it heals when the quota goes', async () => {
  const where = 'short'
  await install(world.client, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: where } }])
  const resource = 'count/secrets'
  await world.client.create(quotas, {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'none', namespace: where },
    spec: { hard: { [resource]: '0' } },
  })
  // what the controller of quotas does
  const status = { hard: { [resource]: '0' }, used: { [resource]: '0' } }
  await world.client.patchMerge(quotas, { namespace: where, name: 'none' }, { status }, { subresource: 'status' })
  await untilRefused(world.client, secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'trial', namespace: where },
  })
  await makeControlPlane(world, 'quota', { version }, { where })
  const key = { namespace: where, name: 'quota' }
  const told = await until('quota', 'Available', 'False ApplyRefused', where)
  expect(messageOf(told, 'Available')).toBe(
    "refused: Secret (Forbidden); a ResourceQuota of the namespace is exceeded: raise it; an Event has the server's answer",
  )
  await world.untilEvent(key, 'Warning ApplyRefused')
  const { items } = await world.client.list(events, { namespace: where, fieldSelector: 'reason=ApplyRefused' })
  expect(items.map(({ message }) => message)).toEqual([expect.stringContaining('exceeded quota: none')])
  await world.client.delete(quotas, { namespace: where, name: 'none' })
  await until('quota', 'CertificatesAvailable', 'True CertificatesAvailable', where)
})

it.each([
  ['unreadable', 'newest', 'spec.version: "newest" is no k0s version'],
  ['missing', undefined, 'spec.version is empty'],
])('a version that is %s is not hidden behind a load balancer', async (_, wanted, words) => {
  const name = wanted ?? 'none'
  const service = { type: 'LoadBalancer' }
  await makeControlPlane(world, name, { service, ...(wanted !== undefined && { version: wanted }) })
  const told = await until(name, 'EndpointAvailable', 'False WaitingForLoadBalancer')
  expect(conditionOf(told, 'Available')).toBe('False InvalidVersion')
  expect(messageOf(told, 'Available')).toContain(words)
})

it('a key that k0s does not know is told in its own words, and one new pod comes when the key is gone', async () => {
  const name = 'colour'
  const k0sConfig = { apiVersion: 'k0s.k0sproject.io/v1beta1', kind: 'ClusterConfig' }
  const service = { type: 'NodePort' }
  await makeControlPlane(world, name, {
    version,
    service,
    k0sConfig: { ...k0sConfig, spec: { network: { colour: 'blue' } } },
  })
  const pod = await world.until(pods, keyOf('kmc-colour-0'), ({ status }) => status?.phase === 'Running')
  const { initContainers = [], containers } = pod.spec ?? {}
  const policies = [...initContainers, ...(containers ?? [])].map(one => one.terminationMessagePolicy)
  expect(new Set(policies)).toEqual(new Set(['FallbackToLogsOnError']))

  // what a kubelet writes when k0s refuses its configuration
  const message = 'time="2026-11-29 01:02:03" level=info msg="starting"\nError: json: unknown field "colour"\n'
  const terminated = { exitCode: 1, reason: 'Error', message }
  const controller = { name: 'controller', ready: false, restartCount: 3, image: '', imageID: '' }
  const conditions = pod.status?.conditions?.map(one => (one.type === 'Ready' ? { ...one, status: 'False' } : one))
  const containerStatuses = [
    { ...controller, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated } },
  ]
  await world.client.patchMerge(
    pods,
    keyOf('kmc-colour-0'),
    { status: { conditions, containerStatuses } },
    { subresource: 'status' },
  )
  const words = 'Pod kmc-colour-0: container controller ended with exit code 1: Error: json: unknown field "colour"'
  const told = await world.until(k0smotronControlPlane, keyOf(name), object => messageOf(object, 'Available') === words)
  expect(conditionOf(told, 'Available')).toBe('False PodsFailing')
  expect(messageOf(told, healthy)).toBe(words)

  const before = await world.until(statefulSets, keyOf('kmc-colour'), () => true)
  const mark = await world.env.auditLog.mark()
  await patchSpec(name, { k0sConfig: { spec: { network: null } } })
  await world.until(pods, keyOf('kmc-colour-0'), ({ metadata }) => metadata.uid !== pod.metadata.uid)
  await until(name, healthy, `True ${healthy}`)
  await world.quiet()
  const after = await world.until(statefulSets, keyOf('kmc-colour'), () => true)
  expect(after.metadata.generation).toBe((before.metadata.generation ?? 0) + 1)
  const writes = (await world.env.auditLog.since(mark)).filter(one => isWrite(one) && one.resource === 'pods')
  expect(writes.map(({ user }) => user)).not.toContain('system:serviceaccount:k0smotron:k0smotron-control-plane')
})

it('a policy that refuses our pods is what Available says, in its words; it heals when the policy goes', async () => {
  const message = 'no pods here'
  await refusePods(world.client, { where: 'closed', unless: 'false', message })
  await makeControlPlane(world, 'prod', { version }, { where: 'closed' })
  const told = await until('prod', 'Available', 'False PodsFailing', 'closed')
  expect(messageOf(told, 'Available')).toContain(message)
  await allowPods(world.client, 'closed')
  await until('prod', healthy, `True ${healthy}`, 'closed')
})
