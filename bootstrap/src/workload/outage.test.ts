// A workload cluster that goes away and comes back under a watch: whoever waits is woken again — shell
import type { ObjectKey } from '@k0smotron-ts/api'
import { type Logger, type Node, nodes, printKey, type Transport, type TransportRequest } from '@k0smotron-ts/runtime'
import { type Opening, type Reach, type Workload, WorkloadPool } from '@k0smotron-ts/runtime/shell'
import { manualClock } from '@k0smotron-ts/runtime/testing'
import { expect, test } from 'vitest'
import { SharedWatch } from './shared-watch.ts'
import { WatchMemory } from './watch-memory.ts'

const log: Logger = { error: () => undefined, info: () => undefined, debug: () => undefined, child: () => log }
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value)}\n`)
const kubeconfig = bytes({
  clusters: [{ name: 'c', cluster: { server: 'https://workload' } }],
  users: [{ name: 'u', user: { token: 't' } }],
  contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
  'current-context': 'x',
})
const reach: Reach = { kubeconfig, ways: [{ from: 'Secret c-kubeconfig' }] }
const user: ObjectKey = { namespace: 'ns', name: 'm1' }

/** An API server without nodes that a test takes down and up. */
function workloadServer() {
  const server = { isUp: true, cut: (): void => undefined }
  const watches = { open: 0 }
  async function* stream(signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    const ended = Promise.withResolvers<Uint8Array>()
    server.cut = () => ended.reject(new Error('cut'))
    signal?.addEventListener('abort', () => ended.reject(new Error('aborted')))
    watches.open += 1
    try {
      yield await ended.promise
    } finally {
      watches.open -= 1
    }
  }
  async function* once(value: unknown): AsyncGenerator<Uint8Array> {
    yield bytes(value)
  }
  const transport = (): Transport => {
    let isClosed = false
    return {
      host: 'workload',
      close: async () => {
        isClosed = true
      },
      send: async ({ path, signal }: TransportRequest) => {
        if (isClosed || !server.isUp) throw new Error('connect ECONNREFUSED')
        const body = path.includes('watch=true')
          ? stream(signal)
          : once({ metadata: { resourceVersion: '1' }, items: [] })
        return { status: 200, headers: {}, body }
      },
    }
  }
  return { server, watches, transport }
}

function opened(opening: Opening): Workload {
  if (opening.kind !== 'open') throw new TypeError(opening.kind)
  return opening
}

test('an outage that outlasts the idle time of a connection does not blind who waits', async () => {
  const clock = manualClock()
  const woken: string[] = []
  const wake = (one: ObjectKey): void => void woken.push(printKey(one))
  const { server, watches, transport } = workloadServer()
  const deps = { clock, random: () => 0.5, wake, log }
  const workloads = new WorkloadPool({ ...deps, transport, userAgent: 'test', asksWhileReady: false })
  const watch = new SharedWatch<Node>({
    ...deps,
    fieldManager: 'test',
    memory: new WatchMemory(),
    watched: { type: nodes },
    subjectOf: ({ metadata }) => metadata.name ?? '',
  })
  workloads.open('ns/c', user, reach)
  await clock.settle()
  watch.look({ cluster: 'ns/c', ...opened(workloads.open('ns/c', user, reach)) }, { user, subject: 'm1' })
  await clock.settle()
  expect(watches.open).toBe(1)

  server.isUp = false
  server.cut()
  await clock.advance(900_000)
  expect(watches.open).toBe(0)
  server.isUp = true
  await clock.advance(120_000)
  expect(watches.open).toBe(1)
  watch.close()
  await workloads.close()
})
