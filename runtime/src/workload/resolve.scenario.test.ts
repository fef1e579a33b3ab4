// What a host name leads to, with a DNS server of the test — shell
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { manualClock } from '../testing/clock.ts'
import { resolveApart } from './resolve.ts'

const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close()
})

type Records = Readonly<Record<string, readonly number[] | 'silent' | 'failing'>>

/** Answers questions for IPv4 addresses of these names; `asked` are all, in their order. */
async function dnsServer(records: Records) {
  const asked: string[] = []
  const socket = createSocket('udp4')
  sockets.push(socket)
  socket.on('message', (message, { port, address }) => {
    const { name, end } = questionIn(message)
    const isIPv4 = message.readUInt16BE(end) === 1
    if (isIPv4) asked.push(name)
    const record = records[name]
    if (record !== 'silent') socket.send(answerTo(message, end + 4, isIPv4, record), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return { asked, server: `127.0.0.1:${socket.address().port}` }
}

function questionIn(message: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 }
}

function answerTo(message: Buffer, end: number, isIPv4: boolean, record: Records[string] | undefined): Buffer {
  const answer = Array.isArray(record) && isIPv4 ? [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...record] : []
  const header = Buffer.from(message.subarray(0, 12))
  const code = record === 'failing' ? 2 : record === undefined ? 3 : 0
  header.writeUInt16BE(0x8180 + code, 2)
  for (const [index, count] of [1, answer.length > 0 ? 1 : 0, 0, 0].entries())
    header.writeUInt16BE(count, 4 + 2 * index)
  return Buffer.concat([header, message.subarray(12, end), Buffer.from(answer)])
}

const files = (hosts: string, resolvConf: string) => async (path: string) =>
  path === '/etc/hosts' ? hosts : resolvConf

test('names whose DNS is silent hold up no other, and are given up after three seconds', async () => {
  const { asked, server } = await dnsServer({
    'a.evil': 'silent',
    'b.evil': 'silent',
    'c.evil': 'silent',
    good: [10, 9, 9, 9],
  })
  const clock = manualClock()
  const resolve = resolveApart({ clock, textOf: files('', ''), servers: [server] })
  const evil = ['a.evil', 'b.evil', 'c.evil'].map(name =>
    expect(resolve(name)).rejects.toMatchObject({ code: 'ETIMEOUT' }),
  )
  await expect.poll(() => new Set(asked).size).toBe(3)
  expect(await resolve('good')).toEqual([{ address: '10.9.9.9', family: 4 }])
  await clock.advance(3_000)
  await Promise.all(evil)
  expect(clock.timers()).toBe(0)
})

test('search domains are looked through, and one that fails hides no other', async () => {
  const { asked, server } = await dnsServer({ 'kmc.ns.svc.a.test': 'failing', 'kmc.ns.svc.b.test': [10, 0, 0, 1] })
  const textOf = files('', 'search a.test b.test\noptions ndots:5')
  const resolve = resolveApart({ textOf, servers: [server] })
  expect(await resolve('kmc.ns.svc')).toEqual([{ address: '10.0.0.1', family: 4 }])
  expect([...new Set(asked)]).toEqual(['kmc.ns.svc.a.test', 'kmc.ns.svc.b.test'])
  await expect(resolve('none')).rejects.toMatchObject({ code: 'ENOTFOUND' })
})

test('a failure of the DNS is not taken for the absence of a name', async () => {
  const { server } = await dnsServer({ broken: 'failing' })
  const resolve = resolveApart({ textOf: files('', ''), servers: [server] })
  await expect(resolve('broken')).rejects.toMatchObject({ code: 'ESERVFAIL' })
})

test('nobody is asked about an address, or about a name in the hosts file', async () => {
  const { asked, server } = await dnsServer({})
  const resolve = resolveApart({ textOf: files('127.0.0.1 localhost', ''), servers: [server] })
  expect(await resolve('fd00::1')).toEqual([{ address: 'fd00::1', family: 6 }])
  expect(await resolve('localhost')).toEqual([{ address: '127.0.0.1', family: 4 }])
  expect(asked).toEqual([])
})
