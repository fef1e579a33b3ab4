// Everything of one process in its order — shell
import type { KubeObject, ObjectKey, ResourceType } from '@k0smotron-ts/api'
import { expect, test } from 'vitest'
import { awaitChange, type Shell } from '../contract/types.ts'
import { wakeOn } from '../contract/wake.ts'
import { createEventRecorder } from '../events/recorder.ts'
import { keyOf, printKey } from '../key.ts'
import { createLogger } from '../log/logger.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { manualClock } from '../testing/clock.ts'
import { type Fault, memoryApi } from '../testing/memory-api.ts'
import { memoryCache } from '../testing/memory-cache.ts'
import { createManager, type ManagerOptions } from './manager.ts'

const widgets: ResourceType = {
  group: 'example.org',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  namespaced: true,
}
const widget = (name: string) => ({ apiVersion: 'example.org/v1', kind: 'Widget', metadata: { namespace: 'ns', name } })
const loopback = { host: '127.0.0.1', port: 0 }
const noFlags = { leaderElect: false, insecureDiagnostics: false }

/** A world in which managers run. */
function world() {
  const clock = manualClock()
  const api = memoryApi(clock)
  const passes: string[] = []
  let unblock = (): void => undefined
  let blocked: Promise<void> | undefined
  const block = (): void => {
    blocked = new Promise(resolve => {
      unblock = resolve
    })
  }

  const start = (identity: string, more: Partial<ManagerOptions> = {}) => {
    const cache = memoryCache()
    const lines: Record<string, unknown>[] = []
    const log = createLogger({ level: 'info', output: { write: line => void lines.push(JSON.parse(line)) } })
    const faults: [string, Fault][] = []
    const connect = () => api.connect(({ path }) => faults.find(([part]) => path.includes(part))?.[1])
    const client = connect()
    const events = createEventRecorder({ client, clock, log, source: { component: 'c', instance: identity } })
    const metrics = createMetrics()
    const controller = {
      name: 'widget',
      primary: widgets,
      wakes: [wakeOn({ type: widgets }, object => [keyOf(object)])],
      reconcile: async (key: ObjectKey) => {
        passes.push(`${identity} ${printKey(key)}`)
        await blocked
        for (let i = 0; i < 10; i++)
          events.record(widget(key.name), { type: 'Normal', reason: 'Seen', message: `${i}` })
        if (identity === 'writer') await client.patchMerge(widgets, key, {})
        return awaitChange
      },
    }
    const manager = createManager({
      flags: noFlags,
      client,
      connectForLease: connect,
      cache,
      controllers: [{ controller, shellFor: pass => pass as unknown as Shell, concurrency: 2 }],
      lease: { namespace: 'k0smotron', name: 'lease' },
      identity,
      events,
      log,
      metrics,
      clock,
      random: () => 0,
      ...more,
    })
    const stop = new AbortController()
    const state: { code?: number } = {}
    void manager.run(stop.signal).then(code => {
      state.code = code
    })
    const said = (message: string): Record<string, unknown> | undefined => lines.find(({ msg }) => msg === message)
    const cut = (kind: Fault, part = '/leases/'): void => void faults.push([part, kind])
    return { cache, state, said, cut, metrics, stop: () => stop.abort() }
  }
  return { clock, api, passes, start, block, unblock: () => unblock() }
}

const elected = { flags: { ...noFlags, leaderElect: true } }
const leasePath = '/apis/coordination.k8s.io/v1/namespaces/k0smotron/leases/lease'
const holder = ({ api }: ReturnType<typeof world>): unknown => Object(api.objects.get(leasePath)).spec?.holderIdentity

test('passes begin when the first lists are read, for what is in them', async () => {
  const { clock, passes, start } = world()
  const lists = Promise.withResolvers<void>()
  const cache = { ...memoryCache(), start: () => lists.promise }
  start('a', { cache })
  cache.put(widgets, widget('one'))
  await clock.settle()
  expect(passes).toEqual([])

  lists.resolve()
  await clock.settle()
  expect(passes).toEqual(['a ns/one'])
})

test('a stop waits for the running pass, flushes Events, leaves no timer, and the code is 0', async () => {
  const { clock, api, passes, start, block, unblock } = world()
  const { cache, state, stop } = start('a')
  await clock.settle()
  block()
  cache.put(widgets, widget('one'))
  await clock.settle()
  stop()
  cache.put(widgets, widget('two'))
  await clock.advance(5_000)
  expect(state.code).toBeUndefined()

  unblock()
  await clock.settle()
  expect({ code: state.code, passes, timers: clock.timers() }).toEqual({ code: 0, passes: ['a ns/one'], timers: 0 })
  expect(api.requests).toEqual(Array.from({ length: 10 }, () => 'POST /api/v1/namespaces/ns/events'))
})

test('a pass that does not end is not waited for longer than allowed, and the lease is not given away', async () => {
  const all = world()
  const { clock, start, block } = all
  const { cache, state, said, stop } = start('a', elected)
  await clock.settle()
  block()
  cache.put(widgets, widget('one'))
  await clock.settle()
  stop()
  await clock.advance(7_999)
  expect(state.code).toBeUndefined()
  await clock.advance(1)
  expect([state.code, holder(all)]).toEqual([0, 'a'])
  expect(said('Passes did not end in time, the lease is kept until it ends by itself')).toBeDefined()
})

test('a stop while the first lists are read, or while another leads, ends at once', async () => {
  const { clock, start } = world()
  const reading = start('a', { cache: { ...memoryCache(), start: () => new Promise(() => undefined) } })
  start('b', elected)
  const waiting = start('c', elected)
  await clock.settle()
  reading.stop()
  waiting.stop()
  await clock.settle()
  expect([reading.state.code, waiting.state.code]).toEqual([0, 0])
})

test('only the leader works; the next one works on everything as soon as it has the lease', async () => {
  const all = world()
  const { clock, passes, start } = all
  const first = start('a', elected)
  await clock.settle()
  const second = start('b', elected)
  for (const { cache } of [first, second]) cache.put(widgets, widget('one'))
  await clock.advance(20_000)
  expect(passes).toEqual(['a ns/one'])
  expect(await first.metrics.registry.metrics()).toContain('leader_election_master_status{name="lease"} 1')

  expect(await second.metrics.registry.metrics()).toContain('leader_election_master_status{name="lease"} 0')

  first.stop()
  await clock.advance(2_000)
  expect([first.state.code, passes, holder(all)]).toEqual([0, ['a ns/one', 'b ns/one'], 'b'])
  expect(await first.metrics.registry.metrics()).toContain('leader_election_master_status{name="lease"} 0')
})

test('who loses the lease stops with code 1 before anyone else works, running passes or not', async () => {
  const { clock, passes, start, block } = world()
  const first = start('a', elected)
  await clock.settle()
  const second = start('b', elected)
  block()
  for (const { cache } of [first, second]) cache.put(widgets, widget('one'))
  await clock.advance(3_000)
  first.cut('silent')
  await clock.advance(11_000)
  first.cache.put(widgets, widget('two'))
  await clock.settle()
  expect([first.state.code, passes]).toEqual([1, ['a ns/one']])
  expect(first.said('Lease lost, stopping')).toMatchObject({
    level: 'error',
    lease: 'lease',
    why: 'not renewed for 10 s',
  })

  await clock.advance(10_000)
  expect(passes).toEqual(['a ns/one', 'b ns/one'])
})

test('a lease that is lost while passes are waited for ends the waiting: code 1, and before anyone else works', async () => {
  const all = world()
  const { clock, passes, start, block } = all
  const first = start('a', { ...elected, graceMs: 30_000 })
  await clock.settle()
  const second = start('b', elected)
  block()
  for (const { cache } of [first, second]) cache.put(widgets, widget('one'))
  await clock.advance(3_000)
  first.cut('refused')
  await clock.advance(8_999) // the last renewal was at 2 s
  first.stop()
  await clock.settle()
  expect(first.state.code).toBeUndefined()

  await clock.advance(1)
  expect([first.state.code, passes]).toEqual([1, ['a ns/one']])
  expect(first.said('Lease lost, stopping')).toMatchObject({ why: 'not renewed for 10 s' })
})

test('after a loss nothing more is written, and Events that hang hold up nothing', async () => {
  const { clock, api, start, block, unblock } = world()
  const { cache, cut, state } = start('writer', elected)
  await clock.settle()
  cut('silent', '/events')
  cache.put(widgets, widget('one'))
  await clock.settle()
  block()
  cache.put(widgets, widget('two'))
  await clock.settle()
  api.edit(leasePath, lease => ({ ...lease, spec: { holderIdentity: 'thief', leaseDurationSeconds: 15 } }))
  await clock.advance(2_000)
  expect(state.code).toBe(1)

  api.requests.length = 0
  unblock()
  await clock.settle()
  expect(api.requests).toEqual([])
})

test('when passes do not end in time nothing renews any more', async () => {
  const all = world()
  const { clock, api, start, block } = all
  const { cache, stop, state } = start('a', elected)
  await clock.settle()
  block()
  cache.put(widgets, widget('one'))
  await clock.settle()
  stop()
  await clock.advance(8_000)
  expect({ code: state.code, timers: clock.timers() }).toEqual({ code: 0, timers: 0 })

  api.requests.length = 0
  await clock.advance(60_000)
  expect(api.requests).toEqual([])
})

test('readiness follows the lists, on the port that the log names', async () => {
  const { clock, start } = world()
  const lists = Promise.withResolvers<void>()
  const flags = { ...noFlags, healthProbeAddress: loopback, diagnosticsAddress: loopback, insecureDiagnostics: true }
  const { said, state, stop } = start('a', { flags, cache: { ...memoryCache(), start: () => lists.promise } })
  while (!said('Listening')) await clock.settle()
  const port = Number(said('Listening')?.port)
  const ready = async (): Promise<number> => (await fetch(`http://127.0.0.1:${port}/readyz`)).status
  expect(await ready()).toBe(500)

  lists.resolve()
  while (!said('Controllers started')) await clock.settle()
  expect(await ready()).toBe(200)

  stop()
  while (state.code === undefined) await clock.settle()
  await expect(ready()).rejects.toThrow('fetch failed')
})

test('while a predecessor works we are ready, for webhooks are answered all the same, and readiness names it', async () => {
  const { api, clock, passes, start } = world()
  const predecessor = { namespace: 'k0smotron', name: 'old' }
  api.objects.set(leasePath.replace(/lease$/, 'old'), {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: predecessor,
    spec: { holderIdentity: 'old-pod', leaseDurationSeconds: 15 },
  } as KubeObject)
  const flags = { ...elected.flags, healthProbeAddress: loopback }
  const { cache, said, stop } = start('a', { flags, predecessor })
  cache.put(widgets, widget('one'))
  while (!said('Waiting for the lease')) await clock.settle()
  const response = await fetch(`http://127.0.0.1:${Number(said('Listening')?.port)}/readyz?verbose`)
  expect([response.status, passes]).toEqual([200, []])
  expect(await response.text()).toContain('[+]lease ok: old-pod holds Lease old: a k0smotron without')

  while (!said('Controllers started')) await clock.advance(2_000)
  const later = await fetch(`http://127.0.0.1:${Number(said('Listening')?.port)}/readyz?verbose`)
  expect(await later.text()).toContain('[+]lease ok\n')
  stop()
})

test('a kind that cannot be read does not stop us from being ready, and readiness and metrics name it', async () => {
  const { clock, start } = world()
  const flags = { ...noFlags, healthProbeAddress: loopback }
  const { cache, said, stop, metrics } = start('a', { flags })
  cache.setUnreadable(widgets, 'NotServed')
  while (!said('Controllers started')) await clock.settle()
  const response = await fetch(`http://127.0.0.1:${Number(said('Listening')?.port)}/readyz?verbose`)
  expect([response.status, await response.text()]).toEqual([
    200,
    [
      '[+]lists ok',
      '[+]kinds ok: kind Widget (example.org/v1) is not served: its CustomResourceDefinition is missing, or serves no such version',
      '[+]lease ok',
      'readyz check passed\n',
    ].join('\n'),
  ])
  expect(await metrics.registry.metrics()).toContain(
    'watch_unreadable_kinds{group="example.org",kind="Widget",why="NotServed"} 1',
  )
  stop()
})

test('an address that cannot be had is a failure to start', async () => {
  const { clock, start } = world()
  const flags = { ...noFlags, healthProbeAddress: { host: '192.0.2.1', port: 1 } }
  const { said, state } = start('a', { flags })
  while (state.code === undefined) await clock.settle()
  expect(state.code).toBe(1)
  expect(said('Manager cannot run')?.error).toMatchObject({ code: 'EADDRNOTAVAIL' })
})

test('lists that cannot be read are a failure to start', async () => {
  const { clock, start } = world()
  const cache = { ...memoryCache(), start: () => Promise.reject(new Error('widgets is forbidden')) }
  const { said, state } = start('a', { cache })
  await clock.settle()
  expect([state.code, said('Manager cannot run')?.error]).toMatchObject([1, { message: 'widgets is forbidden' }])
})

test('webhooks of a manager that stops are answered until nodes know of it, whoever leads; the lease goes at once', async () => {
  const all = world()
  const { clock, start } = all
  const closed: string[] = []
  const webhooksOf = (name: string): Pick<ManagerOptions, 'webhooks'> => ({
    webhooks: {
      endpoint: { start: async () => 9443, close: async () => void closed.push(name) },
      notReady: () => undefined,
    },
  })
  const leading = start('a', { ...elected, ...webhooksOf('a') })
  await clock.settle()
  const waiting = start('b', { ...elected, ...webhooksOf('b') })
  await clock.settle()
  leading.stop()
  waiting.stop()
  await clock.advance(2_999)
  expect([closed, leading.state, waiting.state, holder(all)]).toEqual([[], {}, {}, ''])
  await clock.advance(1)
  expect([closed.sort(), leading.state.code, waiting.state.code]).toEqual([['a', 'b'], 0, 0])
})
