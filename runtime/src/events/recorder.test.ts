// Tells users what happened, as Events of the object — shell
import type { KubeObject } from '@k0smotron-ts/api'
import { expect, test } from 'vitest'
import type { TransportRequest } from '../client/transport/transport.ts'
import type { EventNote } from '../contract/types.ts'
import { createLogger } from '../log/logger.ts'
import { manualClock } from '../testing/clock.ts'
import { type Fault, memoryApi } from '../testing/memory-api.ts'
import { createEventRecorder } from './recorder.ts'

const widget: KubeObject = {
  apiVersion: 'example.org/v1',
  kind: 'Widget',
  metadata: { namespace: 'ns', name: 'a', uid: 'u-1' },
}
const waiting: EventNote = { type: 'Normal', reason: 'WaitingForEndpoint', message: 'Service ns/a has no address' }
const note = (message: string): EventNote => ({ ...waiting, message })

const collection = '/api/v1/namespaces/ns/events'

function setUp(fault: (request: TransportRequest) => Fault | undefined = () => undefined) {
  const clock = manualClock()
  const api = memoryApi(clock)
  const lines: string[] = []
  const log = createLogger({ level: 'debug', output: { write: line => void lines.push(line) } })
  const start = () =>
    createEventRecorder({ client: api.connect(fault), source: { component: 'widgets', instance: 'pod-1' }, clock, log })
  const stored = (): object[] => [...api.objects.values()]
  return { clock, api, lines, start, stored, recorder: start() }
}

test('a note becomes an Event of its object', async () => {
  const { clock, recorder, stored } = setUp()
  recorder.record(widget, waiting)
  await clock.settle()
  expect(stored()).toEqual([
    {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: expect.stringMatching(/^a\.[0-9a-f]{16}$/), namespace: 'ns', resourceVersion: '1' },
      involvedObject: { apiVersion: 'example.org/v1', kind: 'Widget', namespace: 'ns', name: 'a', uid: 'u-1' },
      type: 'Normal',
      reason: 'WaitingForEndpoint',
      message: 'Service ns/a has no address',
      source: { component: 'widgets' },
      reportingComponent: 'widgets',
      reportingInstance: 'pod-1',
      firstTimestamp: '2026-01-02T03:04:05Z',
      lastTimestamp: '2026-01-02T03:04:05Z',
      count: 1,
    },
  ])
})

test('an Event of a cluster-scoped object is in the namespace default', async () => {
  const { clock, recorder, api } = setUp()
  recorder.record({ ...widget, metadata: { name: 'a', uid: 'u-1' } }, waiting)
  await clock.settle()
  expect(api.requests).toEqual(['POST /api/v1/namespaces/default/events'])
})

test('a pass that repeats its note causes no request', async () => {
  const { clock, recorder, api } = setUp()
  for (let pass = 0; pass < 100; pass++) {
    recorder.record(widget, waiting)
    await clock.advance(5_000)
  }
  expect(api.requests).toEqual([`POST ${collection}`])
})

test('after ten minutes the repetition is counted in one request', async () => {
  const { clock, recorder, api, stored } = setUp()
  for (let pass = 0; pass < 5; pass++) recorder.record(widget, waiting)
  await clock.advance(600_000)
  recorder.record(widget, waiting)
  await clock.settle()
  expect(api.requests).toEqual([`POST ${collection}`, expect.stringContaining(`PATCH ${collection}/a.`)])
  expect(stored()).toMatchObject([
    { count: 6, firstTimestamp: '2026-01-02T03:04:05Z', lastTimestamp: '2026-01-02T03:14:05Z' },
  ])
})

test('another message is another Event', async () => {
  const { clock, recorder, stored } = setUp()
  recorder.record(widget, note('one'))
  recorder.record(widget, note('two'))
  await clock.settle()
  expect(stored()).toHaveLength(2)
})

test('a message that is too long is cut', async () => {
  const { clock, recorder, stored } = setUp()
  recorder.record(widget, note('x'.repeat(5_000)))
  await clock.settle()
  expect(stored()).toMatchObject([{ message: 'x'.repeat(1024) }])
})

test('a restarted process finds its Event and writes nothing', async () => {
  const { clock, api, recorder, start, stored } = setUp()
  recorder.record(widget, waiting)
  await clock.advance(60_000)
  start().record(widget, waiting)
  await clock.settle()
  expect(api.requests.map(request => request.split(' ')[0])).toEqual(['POST', 'POST', 'GET'])
  expect(stored()).toMatchObject([{ count: 1 }])
})

test('a note that is given once is not counted up, however late it is repeated, nor by the process after', async () => {
  const { clock, recorder, api, start } = setUp()
  const once = { ...waiting, isOnce: true } as const
  for (let pass = 0; pass < 3; pass++) {
    recorder.record(widget, once)
    await clock.advance(600_000)
  }
  expect(api.requests).toEqual([`POST ${collection}`])
  start().record(widget, once)
  await clock.settle()
  expect(api.requests.filter(request => request.startsWith('PATCH'))).toEqual([])
})

test('a restarted process counts an Event up that was told long ago', async () => {
  const { clock, recorder, start, stored } = setUp()
  recorder.record(widget, waiting)
  await clock.advance(1_800_000)
  start().record(widget, waiting)
  await clock.settle()
  expect(stored()).toMatchObject([{ count: 2, lastTimestamp: '2026-01-02T03:34:05Z' }])
})

test('an Event whose life is over is made anew', async () => {
  const { clock, api, recorder, stored } = setUp()
  recorder.record(widget, waiting)
  await clock.advance(4_000_000)
  api.objects.clear()
  recorder.record(widget, waiting)
  await clock.settle()
  expect(api.requests.map(request => request.split(' ')[0])).toEqual(['POST', 'PATCH', 'POST'])
  expect(stored()).toMatchObject([{ count: 1, firstTimestamp: '2026-01-02T04:10:45Z' }])
})

test('an Event that seems both there and gone is dropped after a few requests', async () => {
  const { clock, api, recorder, lines } = setUp(({ method }) =>
    method === 'PATCH' ? { status: 404, reason: 'NotFound' } : undefined,
  )
  recorder.record(widget, waiting)
  await clock.advance(600_000)
  recorder.record(widget, waiting)
  await clock.settle()
  expect(api.requests.map(request => request.split(' ')[0])).toEqual(['POST', 'PATCH', 'POST'])
  expect(lines.map(line => JSON.parse(line))).toMatchObject([{ msg: 'Event dropped' }])
})

test('an object that changes its story all the time is cut off, others are not', async () => {
  const { clock, recorder, api, lines } = setUp()
  for (let i = 0; i < 40; i++) recorder.record(widget, note(`attempt ${i}`))
  recorder.record({ ...widget, metadata: { ...widget.metadata, name: 'b', uid: 'u-2' } }, waiting)
  await clock.settle()
  expect(api.requests).toHaveLength(26)
  expect(lines.filter(line => line.includes('too many about this object'))).toHaveLength(15)

  await clock.advance(300_000)
  for (let i = 0; i < 40; i++) recorder.record(widget, note(`later ${i}`))
  await clock.settle()
  expect(api.requests).toHaveLength(27)
})

test.each<[string, Fault]>([
  ['is refused', { status: 403, reason: 'Forbidden' }],
  ['gets no answer', 'silent'],
  ['cannot be sent', 'refused'],
])('an Event that %s is dropped at debug level, and told at the next chance', async (_, fault) => {
  let broken = true
  const { clock, recorder, lines, stored } = setUp(() => (broken ? fault : undefined))
  recorder.record(widget, waiting)
  await clock.advance(60_000)
  expect(lines.map(line => JSON.parse(line))).toMatchObject([{ level: 'debug', msg: 'Event dropped', Widget: 'a' }])

  broken = false
  recorder.record(widget, waiting)
  await clock.settle()
  expect(stored()).toHaveLength(1)
})

test('a server that does not answer does not fill the memory', async () => {
  const { clock, recorder, api, lines } = setUp(() => 'silent')
  for (let i = 0; i < 6_000; i++) {
    recorder.record({ ...widget, metadata: { ...widget.metadata, name: `w${i}`, uid: `u-${i}` } }, waiting)
  }
  await clock.settle()
  expect(api.requests).toHaveLength(4)
  expect(lines.filter(line => line.includes('too many wait'))).toHaveLength(996)
})

test('close sends what waits and takes nothing more', async () => {
  const { recorder, stored } = setUp()
  for (let i = 0; i < 20; i++) recorder.record(widget, note(`attempt ${i}`))
  await recorder.close(5_000)
  recorder.record(widget, note('too late'))
  expect(stored()).toHaveLength(20)
})

test('close does not wait longer than it was told', async () => {
  const { clock, recorder } = setUp(() => 'silent')
  recorder.record(widget, waiting)
  let closed = false
  void recorder.close(5_000).then(() => {
    closed = true
  })
  await clock.advance(4_999)
  expect(closed).toBe(false)
  await clock.advance(1)
  expect(closed).toBe(true)
})
