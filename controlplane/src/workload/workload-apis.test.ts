// The ways to the API server of a workload cluster, and when it is asked anew — shell
import { type Logger, printKey, type Transport } from '@k0smotron-ts/runtime'
import { manualClock } from '@k0smotron-ts/runtime/testing'
import { expect, test } from 'vitest'
import type { Observed } from '../hosted/observed.ts'
import { k0sPod, liveService, observed, readyStatus } from '../testing/observed.ts'
import { createWorkloadAPIs, type Way } from './workload-apis.ts'

const spec = { version: 'v1.36.3+k0s.1' }
const log: Logger = { error: () => undefined, info: () => undefined, debug: () => undefined, child: () => log }

const kubeconfig = (server: string): string =>
  JSON.stringify({
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user: { token: 't' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  })

interface Given {
  readonly server?: string
  readonly hasService?: boolean
  readonly pod?: string
}

function snapshotOf({ server = 'https://endpoint:30443', hasService = true, pod = 'pod-1' }: Given = {}): Observed {
  const ready = k0sPod(readyStatus)
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'prod-kubeconfig', namespace: 'team', resourceVersion: '1' },
    data: { value: Buffer.from(kubeconfig(server)).toString('base64') },
  }
  return observed(spec, {
    services: hasService ? [liveService('ClusterIP')] : [],
    pods: [{ ...ready, metadata: { ...ready.metadata, uid: pod } }],
    secrets: { kubeconfig: secret },
  })
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text)
}

/** `silent`: hosts where nobody answers. */
function setUp(ways: readonly Way[], ...silent: readonly string[]) {
  const clock = manualClock()
  const asked: string[] = []
  const woken: string[] = []
  const transport = ({ server }: { readonly server: string }): Transport => ({
    host: server,
    close: async () => undefined,
    send: async ({ path }) => {
      asked.push(`${server}${path}`)
      if (silent.includes(server)) throw new Error('nobody')
      return { status: 200, headers: {}, body: once('{"gitVersion":"v1.36.3+k0s"}') }
    },
  })
  const apis = createWorkloadAPIs({
    ways,
    userAgent: 'test',
    clock,
    random: () => 0.5,
    log,
    wake: key => void woken.push(printKey(key)),
    transport,
  })
  return { apis, clock, asked, woken }
}

const service = 'https://kmc-prod.team.svc:30443'
const endpoint = 'https://endpoint:30443'

test.each([
  [
    ['service', 'endpoint'],
    [service, service, endpoint],
  ],
  [
    ['endpoint', 'service'],
    [endpoint, endpoint],
  ],
  [['endpoint'], [endpoint, endpoint]],
] as const)('by %j: ready, its version, and the endpoint if it came by another way', async (ways, servers) => {
  const { apis, clock, asked, woken } = setUp(ways)
  expect(apis.ask(snapshotOf())).toBeUndefined()
  await clock.settle()
  expect(apis.ask(snapshotOf())).toEqual({ ready: true, message: '', version: 'v1.36.3+k0s', endpoint: 'same' })
  expect(asked.map(url => url.slice(0, url.lastIndexOf('/')))).toEqual(servers)
  expect(woken).toEqual(['team/prod-cp'])
  apis.close()
})

test('what is not reached is named with the object that it comes from', async () => {
  const { apis, clock } = setUp(['service', 'endpoint'], service, endpoint)
  apis.ask(snapshotOf())
  await clock.settle()
  expect(apis.ask(snapshotOf())?.message).toBe(
    'nobody at kmc-prod.team.svc:30443 (Service kmc-prod) or endpoint:30443 (Secret prod-kubeconfig) answers as the API server of this cluster',
  )
  apis.close()
})

test('another pod that is ready is asked at once; the same is not', async () => {
  const { apis, clock, asked } = setUp(['endpoint'])
  apis.ask(snapshotOf())
  await clock.settle()
  apis.ask(snapshotOf())
  await clock.settle()
  expect(asked).toHaveLength(2)
  expect(apis.ask(snapshotOf({ pod: 'pod-2' }))).toBeUndefined()
  await clock.settle()
  expect(asked).toHaveLength(4)
  apis.close()
})

test('told to stop, nobody is asked', async () => {
  const { apis, clock, asked } = setUp(['endpoint'])
  apis.ask(snapshotOf())
  await clock.settle()
  apis.stopAsking({ namespace: 'team', name: 'prod-cp' })
  await clock.advance(300_000)
  expect(asked).toHaveLength(2)
  apis.close()
})

test('without a way, and with a server that is none, that is said', () => {
  const { apis } = setUp(['service'])
  expect(apis.ask(snapshotOf({ hasService: false }))?.message).toBe(
    'there is no Service to reach the API server through',
  )
  expect(setUp(['endpoint']).apis.ask(snapshotOf({ server: 'http://plain' }))).toEqual({
    ready: false,
    message: 'Secret prod-kubeconfig: kubeconfig: the server is not an https URL',
  })
})
