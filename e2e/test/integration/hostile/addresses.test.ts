// Addresses of every wrong form: whoever mistyped one is told, nothing goes round in circles, and others are served — shell
import { clusters, k0smotronControlPlane, k0sWorkerConfig } from '@k0smotron-ts/api'
import { isEvent, isWrite } from '@k0smotron-ts/hack/testenv'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { make } from '../../../harness/objects.ts'
import { forbidden, unreadable } from './addresses.ts'
import {
  type Arena,
  initialize,
  makeMachine,
  makeNamespace,
  median,
  serveVictims,
  startArena,
  victim,
} from './arena.ts'
import { told, underAttack } from './attacked.ts'
import { cluster, clusterAt, clusterSecret, controlPlaneAt } from './objects.ts'

const addresses = [...unreadable, ...forbidden]

let arena: Arena

beforeAll(async () => {
  arena = await startArena()
})

afterAll(() => arena[Symbol.asyncDispose]())

/** The address as the endpoint of a Cluster with a control plane of ours; in another namespace, in a kubeconfig. */
async function mistype(host: string, nth: number): Promise<void> {
  const { management } = arena
  const { client } = management
  const [own, foreign] = [`address-${nth}`, `kubeconfig-${nth}`]
  const endpoint = { host, port: 6443 }
  for (const namespace of [own, foreign]) {
    await makeNamespace(arena, namespace)
    await make(client, namespace, [clusterAt(endpoint)])
    await initialize(management, namespace)
  }
  const owner = await client.get(clusters, { namespace: own, name: cluster })
  if (!owner) throw new Error('the Cluster is gone')
  const { spec, ...controlPlane } = controlPlaneAt({ host: 'lb.example.org', port: 30443 }, owner)
  await make(client, own, [{ ...controlPlane, spec: { ...spec, externalAddress: undefined } } as typeof controlPlane])
  await make(client, foreign, [
    clusterSecret('ca', { 'tls.crt': arena.workload.connection.ca }),
    clusterSecret('kubeconfig', { value: kubeconfigAt(`https://${host}:6443`) }),
  ])
  await makeMachine(management, foreign, 'm')
}

function kubeconfigAt(server: string): string {
  return JSON.stringify({
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user: { token: 't' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  })
}

/** `Status Reason` of what is said about the endpoint of each Cluster. */
async function said(): Promise<ReadonlyMap<string, string>> {
  const { items } = await arena.management.client.list(k0smotronControlPlane)
  const words = new Map<string, string>()
  for (const { status, metadata } of items) {
    const condition = status?.conditions?.find(({ type }) => type === 'EndpointAvailable')
    const host = addresses[Number(metadata.namespace?.split('-')[1])] ?? ''
    words.set(host, `${condition?.status} ${condition?.reason}`)
  }
  return words
}

it('all of them at once', async () => {
  const { management, managers } = arena
  const users = managers.map(({ user }) => user)
  await serveVictims(arena, 'first', 1)
  const undisturbed = median(await serveVictims(arena, 'undisturbed', 5))
  const begin = async () => {
    for (const [nth, host] of addresses.entries()) await mistype(host, nth)
  }
  const cost = await underAttack(arena, { name: 'addresses', begin })
  told(`${addresses.length} wrong addresses`, cost, undisturbed)
  await management.quiet(users)
  const words = await said()
  expect(unreadable.filter(host => words.get(host) !== 'False InvalidEndpoint')).toEqual([])
  const { items } = await management.client.list(k0sWorkerConfig)
  const served = items.filter(({ metadata, status }) => metadata.namespace !== victim && status?.dataSecretName)
  expect(served).toEqual([])

  const mark = await management.env.auditLog.mark()
  for (const nth of addresses.keys()) {
    // a pass at rest decides the same
    const annotations = { seen: 'again' }
    await management.client.patchMerge(
      k0smotronControlPlane,
      { namespace: `address-${nth}`, name: cluster },
      { metadata: { annotations } },
    )
  }
  await management.quiet(users)
  const entries = await management.env.auditLog.since(mark)
  expect(entries.filter(entry => users.includes(entry.user) && isWrite(entry) && !isEvent(entry))).toEqual([])
})
