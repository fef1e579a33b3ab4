// A transport that knows whether it is in use — core
import { expect, test } from 'vitest'
import { readText } from '../client/bodies.ts'
import type { TransportRequest } from '../client/transport.ts'
import { busyTransport } from './busy-transport.ts'

const request = { method: 'GET', path: '/', headers: {} } as const

test('a watch is use until it ends, and is never cut short', async () => {
  const end = Promise.withResolvers<void>()
  const sent: TransportRequest[] = []
  const transport = busyTransport(
    {
      host: 'h',
      send: async asked => {
        sent.push(asked)
        return {
          status: 200,
          headers: {},
          body: (async function* () {
            yield new Uint8Array()
            await end.promise
          })(),
        }
      },
      close: async () => undefined,
    },
    5_000,
  )
  const { body } = await transport.send({ ...request, timeoutMs: 'unlimited' })
  const reading = readText(body)
  expect(transport.underWay()).toBe(1)
  end.resolve()
  await reading
  expect(transport.underWay()).toBe(0)
  expect(sent).toMatchObject([{ timeoutMs: 'unlimited' }])
})

test('a request that fails is over', async () => {
  const send = async (): Promise<never> => {
    throw new Error('ECONNREFUSED')
  }
  const transport = busyTransport({ host: 'h', send, close: async () => undefined }, 5_000)
  await expect(transport.send({ ...request, timeoutMs: 1 })).rejects.toThrow('ECONNREFUSED')
  expect(transport.underWay()).toBe(0)
})
