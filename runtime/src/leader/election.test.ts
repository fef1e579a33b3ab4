// Leader election on a Lease — shell
import { expect, test } from 'vitest'
import type { TransportRequest } from '../client/transport/transport.ts'
import { createLogger } from '../log/logger.ts'
import { type ManualClock, manualClock } from '../testing/clock.ts'
import { type Fault, type MemoryApi, memoryApi } from '../testing/memory-api.ts'
import { createElection } from './election.ts'
import type { Leadership } from './leadership.ts'
import type { Lease } from './lease.ts'

const key = { namespace: 'k0smotron', name: 'lease' }
const path = '/apis/coordination.k8s.io/v1/namespaces/k0smotron/leases/lease'

/** One process that wants to lead. */
class Contender {
  readonly #stop = new AbortController()
  readonly identity: string
  leadership: Leadership | undefined
  lostBecause: string | undefined
  fault: ((request: TransportRequest) => Fault | undefined) | undefined

  constructor(api: MemoryApi, clock: ManualClock, identity: string) {
    this.identity = identity
    const election = createElection({
      connect: () => api.connect(request => this.fault?.(request)),
      lease: key,
      identity,
      clock,
      random: () => 0,
      log: createLogger({ level: 'error' }),
    })
    void this.#run(election.acquire(this.#stop.signal))
  }

  get leads(): boolean {
    return this.leadership !== undefined && this.lostBecause === undefined
  }

  abort(): void {
    this.#stop.abort()
  }

  async #run(acquired: Promise<Leadership | undefined>): Promise<void> {
    this.leadership = await acquired
    this.lostBecause = await this.leadership?.lost
  }
}

function contest() {
  const clock = manualClock()
  const api = memoryApi(clock)
  const join = async (identity: string): Promise<Contender> => {
    const contender = new Contender(api, clock, identity)
    await clock.settle()
    return contender
  }
  const lease = (): Lease['spec'] => (api.objects.get(path) as Lease | undefined)?.spec
  return { clock, api, join, lease }
}

const never: Fault = 'silent'

test('the first candidate leads at once, the second waits', async () => {
  const { clock, join, lease } = contest()
  const a = await join('a')
  const b = await join('b')
  await clock.advance(600_000)
  expect([a.leads, b.leads, lease()?.holderIdentity, lease()?.leaseTransitions]).toEqual([true, false, 'a', 0])
})

test('a holder renews with one request each two seconds, a candidate looks with one', async () => {
  const { clock, api, join } = contest()
  await join('a')
  api.requests.length = 0
  await clock.advance(60_000)
  expect(api.requests).toEqual(Array.from({ length: 30 }, () => `PUT ${path}`))

  await join('b')
  api.requests.length = 0
  await clock.advance(60_000)
  expect(api.requests.filter(request => request.startsWith('GET'))).toHaveLength(30)
})

test('when the holder dies the other leads after the lease, and not before', async () => {
  const { clock, join, lease } = contest()
  const a = await join('a')
  const b = await join('b')
  await clock.advance(10_000)
  a.fault = () => never
  await clock.advance(13_000)
  expect(b.leads).toBe(false)

  await clock.advance(4_000)
  expect([b.leads, lease()?.holderIdentity, lease()?.leaseTransitions]).toEqual([true, 'b', 1])
})

test.each<[string, Fault]>([
  ['hangs', 'silent'],
  ['is refused', 'refused'],
  ['answers 503', { status: 503, reason: 'ServiceUnavailable' }],
])('a holder whose connection %s knows that it lost before anyone else can lead', async (_, fault) => {
  const { clock, join } = contest()
  const a = await join('a')
  const b = await join('b')
  await clock.advance(3_000)
  a.fault = () => fault
  for (let ms = 0; ms < 20_000; ms += 100) {
    await clock.advance(100)
    expect([a.leads, b.leads], `after ${ms} ms`).not.toEqual([true, true])
  }
  expect([a.lostBecause, b.leads]).toEqual(['not renewed for 10 s', true])
})

test('a holder survives an outage that is shorter than its deadline', async () => {
  const { clock, join } = contest()
  const a = await join('a')
  await clock.advance(3_000)
  a.fault = () => 'refused'
  await clock.advance(6_000)
  a.fault = undefined
  await clock.advance(60_000)
  expect(a.leads).toBe(true)
})

test('one request that hangs does not cost the lease', async () => {
  const { clock, join } = contest()
  const a = await join('a')
  let hung = 0
  a.fault = () => (hung++ === 0 ? 'silent' : undefined)
  await clock.advance(60_000)
  expect(a.leads).toBe(true)
})

test('a lease that is given back is taken at the next look', async () => {
  const { clock, join, lease } = contest()
  const a = await join('a')
  const b = await join('b')
  await clock.advance(5_000)
  await a.leadership?.release()
  expect(lease()?.holderIdentity).toBe('')

  await clock.advance(2_000)
  expect([b.leads, lease()?.holderIdentity]).toEqual([true, 'b'])
})

test('nothing is renewed after a release', async () => {
  const { clock, api, join } = contest()
  const a = await join('a')
  await clock.advance(3_000)
  const released = a.leadership?.release()
  await clock.settle()
  await released
  api.requests.length = 0
  await clock.advance(60_000)
  expect([api.requests, clock.timers(), a.lostBecause]).toEqual([[], 0, undefined])
})

test('a release while the last renewal was done but its answer was lost still gives the lease back', async () => {
  const { clock, join, lease } = contest()
  const a = await join('a')
  a.fault = () => 'lost reply'
  await clock.advance(2_000)
  a.fault = undefined
  await a.leadership?.release()
  expect(lease()?.holderIdentity).toBe('')
})

test('a renewal whose answer was lost does not cost the lease', async () => {
  const { clock, join, lease } = contest()
  const a = await join('a')
  let replies = 0
  a.fault = () => (replies++ === 0 ? 'lost reply' : undefined)
  await clock.advance(30_000)
  expect([a.leads, lease()?.leaseTransitions]).toEqual([true, 0])
})

test('a lease that someone stole is given up at the next renewal', async () => {
  const { clock, api, join, lease } = contest()
  const a = await join('a')
  await clock.advance(3_000)
  const steal = (stolen: Lease): Lease => ({ ...stolen, spec: { ...stolen.spec, holderIdentity: 'thief' } })
  api.edit(path, stolen => steal(stolen))
  await clock.advance(2_000)
  expect([a.lostBecause, lease()?.holderIdentity]).toEqual(['taken by thief', 'thief'])

  await a.leadership?.release()
  expect(lease()?.holderIdentity).toBe('thief')
})

test('a lease that someone labelled is renewed all the same', async () => {
  const { clock, api, join } = contest()
  const a = await join('a')
  api.edit(path, lease => ({ ...lease, metadata: { ...lease.metadata, labels: { touched: 'yes' } } }))
  await clock.advance(30_000)
  expect([a.leads, api.objects.get(path)?.metadata.labels]).toEqual([true, { touched: 'yes' }])
})

test('of two that find an expired lease one wins', async () => {
  const { clock, join, lease } = contest()
  const a = await join('a')
  const b = await join('b')
  const c = await join('c')
  a.fault = () => never
  await clock.advance(30_000)
  expect([b.leads, c.leads].filter(Boolean)).toHaveLength(1)
  expect(['b', 'c']).toContain(lease()?.holderIdentity)
})

test('clocks that disagree by hours change nothing', async () => {
  const { clock, api, join } = contest()
  const a = await join('a')
  const fast = manualClock(new Date('2030-01-01T00:00:00Z'))
  const b = new Contender(api, fast, 'b')
  for (let seconds = 0; seconds < 60; seconds++) {
    await clock.advance(1_000)
    await fast.advance(1_000)
    if (seconds === 30) clock.shiftWallTime(-7_200_000)
  }
  expect([a.leads, b.leads]).toEqual([true, false])
})

test('a candidate that is told to stop holds nothing, even if it wins that moment', async () => {
  const { clock, join, lease } = contest()
  const a = await join('a')
  const b = await join('b')
  await a.leadership?.release()
  b.fault = request => {
    if (request.method === 'PUT') b.abort()
    return undefined
  }
  await clock.advance(60_000)
  expect([b.leadership, lease()?.holderIdentity, clock.timers()]).toEqual([undefined, '', 0])
})

test('timing that allows two leaders is refused', () => {
  const options = {
    connect: () => memoryApi(manualClock()).connect(),
    lease: key,
    identity: 'a',
    clock: manualClock(),
    random: () => 0,
    log: createLogger({ level: 'error' }),
  }
  const timing = { leaseMs: 10_000, renewDeadlineMs: 10_000, retryMs: 2_000 }
  expect(() => createElection({ ...options, timing })).toThrow('a lease needs retryMs < renewDeadlineMs < leaseMs')
})
