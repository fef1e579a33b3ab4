// Requests that fail for long are told on the control plane, once, and it goes on by itself — shell
import { type KubeObject, k0smotronControlPlane, type ResourceType } from '@k0smotron-ts/api'
import { install, type Management, movableClock, startManagement, untilRefused } from '@k0smotron-ts/hack/testenv'
import { services, type Transport, type TransportRequest, type TransportResponse } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionOf, makeControlPlane, messageOf, startControlPlane } from './world.ts'

const version = 'v1.36.3+k0s.1'
const webhooks: ResourceType<KubeObject & { readonly webhooks: readonly object[] }> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingWebhookConfiguration',
  plural: 'validatingwebhookconfigurations',
  namespaced: false,
}

let world: Management

beforeAll(async () => {
  world = await startManagement({ clusterApiKinds: true })
})
afterAll(() => world[Symbol.asyncDispose]())

/** A namespace of its own, and what its provider is answered. */
async function placeFor(name: string) {
  await install(world.client, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }])
  const clock = movableClock()
  const key = { namespace: name, name: 'c' }
  const until = (condition: string, type = 'Available') =>
    world.until(k0smotronControlPlane, key, object => conditionOf(object, type) === condition)
  return { clock, until, ...failures() }
}

type Place = Awaited<ReturnType<typeof placeFor>>

/** Counts answers with 500, and can give some instead of the server. */
function failures() {
  let fails: (request: TransportRequest) => boolean = () => false
  let waiting: (() => void)[] = []
  const statusWrites: string[] = []
  const struck = () => {
    for (const resolve of waiting) resolve()
    waiting = []
  }
  const send = async (transport: Transport, request: TransportRequest) => {
    if (request.method === 'PATCH' && /\/k0smotroncontrolplanes\/[^/]+\/status/.test(request.path)) {
      statusWrites.push(request.body ?? '')
    }
    const isFaulty = fails(request)
    const answer = isFaulty ? failed() : await transport.send(request)
    if (answer.status === 500) struck()
    return answer
  }
  return {
    wrap: (transport: Transport): Transport => ({
      ...transport,
      send: request => send(transport, request),
      close: () => transport.close(),
    }),
    next: () => new Promise<void>(resolve => void waiting.push(resolve)),
    fail: (which: typeof fails) => {
      fails = which
    },
    statusWrites,
  }
}

const text = JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'InternalError', code: 500 })

function failed(): TransportResponse {
  async function* body() {
    yield new TextEncoder().encode(text)
  }
  return { status: 500, headers: { 'content-type': 'application/json' }, body: body() }
}

/** So many further tries that fail; a failed pass is repeated after two minutes at the latest. */
async function tries(times: number, { clock, next }: Pick<Place, 'clock' | 'next'>): Promise<void> {
  for (let done = 0; done < times; done += 1) {
    const again = next()
    await clock.move(121_000)
    await again
  }
}

it('a read without which nothing can be decided: told when it has lasted, and not written again', async () => {
  const { clock, until, wrap, next, fail, statusWrites } = await placeFor('unread')
  fail(({ path }) => path.includes('/customresourcedefinitions/'))
  await using _running = await startControlPlane(world, { wrap, clock, namespace: 'unread' })
  const infrastructureRef = { apiGroup: 'infrastructure.cluster.x-k8s.io', kind: 'LostCluster', name: 'lost' }
  const first = next()
  await makeControlPlane(world, 'c', { version }, { where: 'unread', cluster: { infrastructureRef } })
  await first
  expect(statusWrites).toEqual([])

  await tries(2, { clock, next })
  const told = await until('False RequestsFailing')
  expect(messageOf(told, 'Available')).toContain(
    'failing for more than a minute, and tried again: GET /apis/apiextensions.k8s.io/v1/customresourcedefinitions/lostclusters.infrastructure.cluster.x-k8s.io;',
  )
  await tries(3, { clock, next })
  expect(statusWrites).toHaveLength(1)

  fail(() => false)
  await clock.move(120_000)
  const well = await until('True KubeconfigAvailable', 'KubeconfigAvailable')
  expect(conditionOf(well, 'Available')).not.toContain('RequestsFailing')
})

it('an admission webhook that fails: told with the kind that it concerns, and nothing is said when it is gone', async () => {
  const where = 'webhook'
  const { clock, until, wrap, next } = await placeFor(where)
  await world.client.create(webhooks, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: where },
    webhooks: [
      {
        name: 'gone.example.org',
        clientConfig: { url: 'https://127.0.0.1:1/' },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['services'] }],
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': where } },
        failurePolicy: 'Fail',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  })
  const metadata = { name: 'trial', namespace: where }
  const trial = { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: 80 }] } }
  await untilRefused(world.client, services, trial)
  await using _running = await startControlPlane(world, { wrap, clock, namespace: where })
  const first = next()
  await makeControlPlane(world, 'c', { version }, { where })
  await first
  await until('False WaitingForService', 'EndpointAvailable')

  await tries(2, { clock, next })
  const told = await until('False RequestsFailing', 'EndpointAvailable')
  expect(messageOf(told, 'EndpointAvailable')).toBe(
    'failing for more than a minute, and tried again: Service; does an admission webhook fail, or the API server? an Event has its answer',
  )
  await world.untilEvent({ namespace: where, name: 'c' }, 'Warning RequestsFailing')

  await world.client.delete(webhooks, { name: where })
  await clock.move(120_000)
  await until('True EndpointAvailable', 'EndpointAvailable')
})
