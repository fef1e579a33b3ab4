// A k0smotron that runs all its controllers under a Lease of its own — shell
import { apiVersionOf } from '@k0smotron-ts/api'
import { expect, test } from 'vitest'
import { createLogger } from '../log/logger.ts'
import { manualClock } from '../testing/clock.ts'
import { type Fault, memoryApi } from '../testing/memory-api.ts'
import { createElection } from './election.ts'
import { type Lease, leaseName, leases, microTime } from './lease.ts'

const namespace = 'k0smotron'
const theirs = { namespace, name: leaseName('') }
const path = (name: string) => `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${name}`
const hour = 3_600_000

/** A manager of ours that starts, and the Lease of the one before. */
function world() {
  const clock = manualClock()
  const api = memoryApi(clock)
  const lines: Record<string, unknown>[] = []
  const faults: Fault[] = []
  const stop = new AbortController()
  const election = createElection({
    connect: () => api.connect(() => faults.shift()),
    lease: { namespace, name: 'ours' },
    predecessor: theirs,
    identity: 'us',
    clock,
    random: () => 0,
    log: createLogger({ level: 'info', output: { write: line => void lines.push(JSON.parse(line)) } }),
  })
  const renew = (holderIdentity = 'old-pod', renewTime = microTime(clock.now())): void => {
    const spec = { holderIdentity, leaseDurationSeconds: 15, renewTime }
    const lease: Lease = { apiVersion: apiVersionOf(leases), kind: 'Lease', metadata: theirs, spec }
    api.objects.set(path(theirs.name), lease)
  }
  const state = { leads: false }
  const start = async (): Promise<void> => {
    void election.acquire(stop.signal).then(leadership => {
      state.leads = leadership !== undefined
    })
    await clock.settle()
  }
  const errors = () => lines.filter(({ level }) => level === 'error')
  return { clock, api, election, errors, faults, renew, start, state, stop }
}

test('without one the lease is taken at once', async () => {
  const { api, start, state } = world()
  await start()
  expect(state.leads).toBe(true)
  expect(api.requests.slice(0, 2)).toEqual([`GET ${path(theirs.name)}`, `GET ${path('ours')}`])
})

test('while it renews its Lease nothing begins, nothing is written, and people are told once', async () => {
  const { clock, api, election, errors, renew, start, state } = world()
  renew()
  await start()
  for (let seconds = 0; seconds < 600; seconds += 2) {
    await clock.advance(2_000)
    renew()
  }
  expect(state.leads).toBe(false)
  expect(api.requests.filter(request => !request.startsWith('GET'))).toEqual([])
  expect(election.note()).toContain(`old-pod holds Lease ${theirs.name}: a k0smotron without --enable-controller`)
  expect(errors()).toMatchObject([{ msg: election.note() }])
})

test.each<[string, string | undefined, number]>([
  ['gives its Lease back', '', 2_000],
  ['is killed', undefined, 16_000],
])('when it %s, ours begins', async (_, holder, afterMs) => {
  const { clock, election, renew, start, state } = world()
  renew()
  await start()
  if (holder !== undefined) renew(holder)
  await clock.advance(afterMs)
  expect([state.leads, election.note()]).toEqual([true, undefined])
})

test('one that ended long ago is not waited for', async () => {
  const { clock, renew, start, state } = world()
  renew('old-pod', microTime(new Date(clock.now().getTime() - hour - 1)))
  await start()
  expect(state.leads).toBe(true)
})

test('while nobody knows, nothing begins', async () => {
  const { clock, faults, start, state } = world()
  faults.push('silent', { status: 503, reason: 'ServiceUnavailable' })
  await start()
  await clock.advance(6_000)
  expect(state.leads).toBe(false)
  await clock.advance(10_000)
  expect(state.leads).toBe(true)
})

test('without the right to look nothing begins, and people are told once', async () => {
  const { clock, election, errors, faults, start, state } = world()
  faults.push(...Array.from({ length: 3 }, () => ({ status: 403, reason: 'Forbidden' }) as const))
  await start()
  await clock.advance(3_000)
  expect(election.note()).toContain(`Lease ${theirs.name} tells whether a k0smotron`)
  expect(errors()).toMatchObject([{ msg: election.note() }])
  await clock.advance(10_000)
  expect([state.leads, election.note()]).toEqual([true, undefined])
})

test('a stop ends the waiting', async () => {
  const { clock, renew, start, state, stop } = world()
  renew()
  await start()
  stop.abort()
  await clock.settle()
  expect([state.leads, clock.timers()]).toEqual([false, 0])
})
