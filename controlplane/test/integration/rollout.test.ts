// A roll that got stuck goes on by itself — shell
import { k0smotronControlPlane } from '@k0smotron-ts/api'
import { isWrite, type Management, startManagement } from '@k0smotron-ts/hack/testenv'
import { pods } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeControlPlane, namespace, startControlPlane } from './world.ts'

let world: Management

// without a scheduler no pod ever gets ready
beforeAll(async () => {
  world = await startManagement({ controllerManager: true, clusterApiKinds: true })
})

afterAll(() => world[Symbol.asyncDispose]())

it('a pod that never gets ready is replaced as soon as the template is another one', async () => {
  await using _running = await startControlPlane(world)
  const mark = await world.env.auditLog.mark()
  await makeControlPlane(world, 'stuck', { version: 'v1.36.2+k0s.0' })
  const pod = { namespace, name: 'kmc-stuck-0' }
  const first = await world.until(pods, pod, () => true)

  const key = { namespace, name: 'stuck' }
  await world.client.patchMerge(k0smotronControlPlane, key, { spec: { version: 'v1.36.3+k0s.1' } })
  const second = await world.until(pods, pod, ({ metadata }) => metadata.uid !== first.metadata.uid)
  expect(second.spec?.containers?.find(({ name }) => name === 'controller')?.image).toContain('v1.36.3-k0s.1')

  const writers = (await world.env.auditLog.since(mark))
    .filter(entry => isWrite(entry) && entry.resource === 'pods')
    .map(({ user, verb }) => `${user} ${verb}`)
  // this Kubernetes deletes it as well, and may be the first
  const [kubernetes, ours] = ['kube-system:statefulset-controller', 'k0smotron:k0smotron-control-plane'].map(
    name => `system:serviceaccount:${name}`,
  )
  expect(new Set(writers.filter(writer => writer.endsWith(' create')))).toEqual(new Set([`${kubernetes} create`]))
  expect([`${kubernetes} delete`, `${ours} delete`]).toEqual(
    expect.arrayContaining(writers.filter(writer => !writer.endsWith(' create'))),
  )
})
