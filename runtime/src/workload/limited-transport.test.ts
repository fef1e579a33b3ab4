// Limits towards an API server that is not trusted — core
import { expect, test } from 'vitest'
import { readText } from '../client/body/bodies.ts'
import { type Transport, type TransportRequest, TransportTimeout } from '../client/transport/transport.ts'
import { manualClock } from '../testing/clock.ts'
import { budgetedTransport, busyTransport, type ServerAnswer } from './limited-transport.ts'

const request = { method: 'GET', path: '/', headers: {}, timeoutMs: 30_000 } as const
/** Answers with chunks of that many bytes; the last comes when `end` is resolved. */
function transportOf(...sizes: readonly number[]) {
  const sent: TransportRequest[] = []
  const end = Promise.withResolvers<void>()
  const transport: Transport = {
    host: 'h',
    send: async asked => {
      sent.push(asked)
      return {
        status: 200,
        headers: { 'retry-after': '7' },
        body: (async function* () {
          for (const size of sizes) yield new Uint8Array(size)
          await end.promise
        })(),
      }
    },
    close: async () => undefined,
  }
  return { sent, end, transport }
}

const failing = (error: Error): Transport => ({
  host: 'h',
  send: () => Promise.reject(error),
  close: async () => undefined,
})

test('a watch is use until it ends, is never cut short, and may be as long as it likes', async () => {
  const { transport, sent, end } = transportOf(100)
  const limited = busyTransport(transport, 5_000)
  const { body } = await limited.send({ ...request, timeoutMs: 'unlimited' })
  const reading = readText(body)
  expect(limited.underWay()).toBe(1)
  end.resolve()
  expect(await reading).toHaveLength(100)
  expect(limited.underWay()).toBe(0)
  expect(sent).toMatchObject([{ timeoutMs: 'unlimited' }])
})

test('a request that fails is over', async () => {
  const limited = busyTransport(failing(new Error('ECONNREFUSED')), 5_000)
  await expect(limited.send(request)).rejects.toThrow('ECONNREFUSED')
  expect(limited.underWay()).toBe(0)
})

test('silence is cut to its limit', async () => {
  const { transport, sent } = transportOf()
  const limited = busyTransport(transport, 5_000)
  await limited.send(request)
  await limited.send({ ...request, timeoutMs: 1_000 })
  expect(sent.map(({ timeoutMs }) => timeoutMs)).toEqual([5_000, 1_000])
})

test('the budget is shared by all requests, and only what is waited for costs', async () => {
  const clock = manualClock()
  const seen: ServerAnswer[] = []
  const { transport, end, sent } = transportOf()
  const budgeted = budgetedTransport(transport, { clock, budgetMs: 5_000, onAnswer: one => void seen.push(one) })
  const reading = readText((await budgeted.send(request)).body)
  await clock.advance(3_000)
  end.resolve()
  await reading
  await clock.advance(60_000)
  const { body } = await budgeted.send(request)
  expect(seen).toEqual([{ status: 200, retryAfterMs: 7_000 }]) // the second is not read yet
  expect(sent[1]?.signal?.aborted).toBe(false)
  await clock.advance(2_000)
  expect(sent[1]?.signal?.reason).toBeInstanceOf(TransportTimeout)
  await readText(body)
  await expect(budgeted.send(request)).rejects.toThrow(TransportTimeout)
  expect(sent).toHaveLength(2)
})

test('the signal of the caller still counts, and a failure costs its time', async () => {
  const clock = manualClock()
  const { transport, sent } = transportOf()
  const budgeted = budgetedTransport(transport, { clock, budgetMs: 5_000 })
  const stop = new AbortController()
  await budgeted.send({ ...request, signal: stop.signal })
  stop.abort('enough')
  expect(sent[0]?.signal?.reason).toBe('enough')

  const failed = budgetedTransport(failing(new Error('reset')), { clock, budgetMs: 5_000 })
  await expect(failed.send(request)).rejects.toThrow('reset')
  expect(clock.timers()).toBe(1) // of the request above, which nobody reads
})

test('a connection that never opens costs no more than the budget, and what comes over it later is let go of', async () => {
  const clock = manualClock()
  const opened = Promise.withResolvers<void>()
  const { transport, end } = transportOf(1)
  const opening: Transport = { ...transport, send: asked => opened.promise.then(() => transport.send(asked)) }
  const busy = busyTransport(opening, 5_000)
  const sending = budgetedTransport(busy, { clock, budgetMs: 5_000 }).send(request)
  const ending = expect(sending).rejects.toThrow(TransportTimeout)
  await clock.advance(5_000)
  await ending
  expect(busy.underWay()).toBe(1)
  opened.resolve()
  end.resolve()
  await expect.poll(() => busy.underWay()).toBe(0)
})
