// Hosted clusters, and who waits for each to answer — shell
import type { ObjectKey } from '@k0smotron-ts/api'
import { printKey, type Transport } from '@k0smotron-ts/runtime'
import { manualClock } from '@k0smotron-ts/runtime/testing'
import { expect, test } from 'vitest'
import { Workloads } from './workloads.ts'

const kubeconfig = new TextEncoder().encode(
  JSON.stringify({
    clusters: [{ name: 'c', cluster: { server: 'https://hosted' } }],
    users: [{ name: 'u', user: { token: 't' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  }),
)
const [one, two]: [ObjectKey, ObjectKey] = [
  { namespace: 'ns', name: 'one' },
  { namespace: 'ns', name: 'two' },
]

async function* nothing(): AsyncGenerator<Uint8Array> {}

function setUp() {
  const clock = manualClock()
  const woken: string[] = []
  const transport = (): Transport => ({
    host: 'hosted',
    send: async () => ({ status: 200, headers: {}, body: nothing() }),
    close: async () => undefined,
  })
  const wake = (user: ObjectKey): void => void woken.push(printKey(user))
  return { clock, woken, workloads: new Workloads({ clock, random: () => 0, userAgent: 'test', transport, wake }) }
}

test('everyone who opened a cluster is woken once when it answers', async () => {
  const { clock, woken, workloads } = setUp()
  for (const user of [one, two, one]) workloads.open('ns/c', kubeconfig, user)
  await clock.settle()
  expect(woken).toEqual(['ns/one', 'ns/two'])
})

test('who left is not remembered, in no cluster', async () => {
  const { clock, woken, workloads } = setUp()
  for (const cluster of ['ns/c', 'ns/d']) workloads.open(cluster, kubeconfig, one)
  workloads.open('ns/c', kubeconfig, two)
  workloads.leave(one)
  await clock.settle()
  expect(woken).toEqual(['ns/two'])
})
