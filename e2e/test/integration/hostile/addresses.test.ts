// Addresses of every wrong form: whoever mistyped one is told, nothing goes round in circles, and others are served — shell
import { k0smotronControlPlane, k0sWorkerConfig } from '@k0smotron-ts/api'
import { isEvent, isWrite } from '@k0smotron-ts/hack/testenv'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Arena, startArena, victim } from '../../../hostile/arena.ts'
import { endpointNamespace, mistype } from '../../../hostile/mistyped.ts'
import { cluster } from '../../../hostile/objects.ts'
import { unreadable, wrongAddresses } from '../../../hostile/wrong-addresses.ts'
import { underAttack, undisturbed } from './unshaken.ts'

let arena: Arena

beforeAll(async () => {
  arena = await startArena()
})

afterAll(() => arena[Symbol.asyncDispose]())

/** `Status Reason` of what is said about the endpoint of each Cluster. */
async function said(): Promise<ReadonlyMap<string, string>> {
  const { items } = await arena.management.client.list(k0smotronControlPlane)
  const words = new Map<string, string>()
  for (const { status, metadata } of items) {
    const condition = status?.conditions?.find(({ type }) => type === 'EndpointAvailable')
    const nth = wrongAddresses.findIndex((_, index) => endpointNamespace(index) === metadata.namespace)
    words.set(wrongAddresses[nth] ?? '', `${condition?.status} ${condition?.reason}`)
  }
  return words
}

it('all of them at once', async () => {
  const { management, managers } = arena
  const users = managers.map(({ user }) => user)
  const calm = await undisturbed(arena)
  const begin = async () => {
    for (const [nth, host] of wrongAddresses.entries()) await mistype(arena, host, nth)
  }
  await underAttack(arena, { what: `${wrongAddresses.length} wrong addresses`, calm, name: 'addresses', begin })
  await management.quiet(users)
  const words = await said()
  expect(unreadable.filter(host => words.get(host) !== 'False InvalidEndpoint')).toEqual([])
  const { items } = await management.client.list(k0sWorkerConfig)
  const served = items.filter(({ metadata, status }) => metadata.namespace !== victim && status?.dataSecretName)
  expect(served).toEqual([])

  const mark = await management.env.auditLog.mark()
  for (const nth of wrongAddresses.keys()) {
    // a pass at rest decides the same
    const annotations = { seen: 'again' }
    await management.client.patchMerge(
      k0smotronControlPlane,
      { namespace: endpointNamespace(nth), name: cluster },
      { metadata: { annotations } },
    )
  }
  await management.quiet(users)
  const entries = await management.env.auditLog.since(mark)
  expect(entries.filter(entry => users.includes(entry.user) && isWrite(entry) && !isEvent(entry))).toEqual([])
})
