// What is told of certificates that end, in passes that come whenever they come — core
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { observed } from '../../testing/observed.ts'
import type { CertificateFacts, Observed } from '../observed.ts'
import { endNotices, nextEndNotice } from './ending.ts'

const hour = 3_600_000
const day = 24 * hour
const notAfter = new Date('2027-01-01T00:00:00Z')
const before = (days: number) => new Date(notAfter.getTime() - days * day)
const after = (time: Date, ms: number) => new Date(time.getTime() + ms)
/** As a pass finds it: until then nothing but time changes it. */
const authority: CertificateFacts = { notAfter, changesAt: notAfter }
const at = (now: Date, certificates: Observed['certificates'], kubeconfig?: Observed['kubeconfig']) =>
  observed({}, { now, certificates, ...(kubeconfig && { kubeconfig }) })
const told = (now: Date, certificates: Observed['certificates']) =>
  endNotices(at(now, certificates)).map(({ message }) => /in less than ([^;]*)/.exec(message)?.[1])

it('says which certificate ends, when, and what to do', () => {
  expect(endNotices(at(before(7), { ca: authority }))).toEqual([
    {
      type: 'Warning',
      reason: 'CertificateEnds',
      isOnce: true,
      message:
        'the certificate in Secret prod-ca ends at 2027-01-01T00:00:00.000Z, in less than 7 days; nothing renews it: make it anew, with the same key where it is an authority',
    },
  ])
  const late = { notAfter, renewAt: before(9) }
  const [note] = endNotices(at(before(7), {}, late) as Observed)
  expect(note?.message).toContain('Secret prod-kubeconfig ends')
  expect(note?.message).toContain('it could not be renewed')
})

it('an authority is told of 30, 7 and 1 days before its end, once each, whenever else passes come', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 60 * 24 * 60 }), { maxLength: 50 }), minutes => {
      const start = before(60)
      const others = minutes.map(minute => new Date(start.getTime() + minute * 60_000))
      const messages = new Set<string>()
      const deadlines: Date[] = []
      const pass = (now: Date) => {
        for (const { message } of endNotices(at(now, { ca: authority }))) messages.add(message)
        return nextEndNotice(at(now, { ca: authority }))
      }
      for (let next = pass(start); next; next = pass(next)) deadlines.push(next)
      expect(messages.size).toBe(3)
      for (const now of others) pass(now)
      expect(messages.size).toBe(3)
      expect(deadlines).toEqual([before(30), before(7), before(1)])
    }),
  )
})

it('a manager that starts later tells nothing again', () => {
  const later = (days: number, ms: number) => told(new Date(before(days).getTime() + ms), { ca: authority })
  expect(later(30, hour - 1)).toEqual(['30 days'])
  expect(later(30, hour)).toEqual([])
  expect(later(1, 0)).toEqual(['one day'])
  expect(later(1, -1)).toEqual([])
})

describe('a leaf', () => {
  it('of ours is not told of as long as it is renewed in time', () => {
    const leaf = { notAfter, renewAt: before(20) }
    expect(told(before(30), { etcdServer: leaf })).toEqual([])
    expect(nextEndNotice(at(before(30), { etcdServer: leaf }))).toBeUndefined()
  })

  it('that could not be renewed for an hour is told of when its end is near, and then as others are', () => {
    const leaf = { notAfter, renewAt: before(5) }
    const now = after(leaf.renewAt, hour)
    expect(told(now, { etcdServer: leaf })).toEqual(['7 days'])
    expect(nextEndNotice(at(now, { etcdServer: leaf }))).toEqual(before(1))
    expect(told(before(1), { etcdServer: leaf })).toEqual(['one day'])
  })

  it('that could not be renewed long before its end is told of when that comes', () => {
    const leaf = { notAfter, renewAt: before(100) }
    expect(told(before(99), { etcdServer: leaf })).toEqual([])
    expect(nextEndNotice(at(before(99), { etcdServer: leaf }))).toEqual(before(30))
  })

  it('that was refused once is not told of, but looked at again when it has been due for an hour', () => {
    // one that lives for a day is always near its end
    const leaf = { notAfter, renewAt: new Date(notAfter.getTime() - 8 * hour) }
    const [first, last] = [after(leaf.renewAt, 1), after(leaf.renewAt, hour - 1)]
    for (const now of [first, last]) expect(told(now, { etcdServer: leaf })).toEqual([])
    expect(nextEndNotice(at(first, { etcdServer: leaf }))).toEqual(after(leaf.renewAt, hour))
    expect(told(after(leaf.renewAt, hour), { etcdServer: leaf })).toEqual(['one day'])
  })

  it('that lives for less is told of when half of what was left is over', () => {
    const leaf = { notAfter, renewAt: new Date(notAfter.getTime() - hour / 2) }
    expect(told(after(leaf.renewAt, hour / 4 - 1), { etcdServer: leaf })).toEqual([])
    expect(told(after(leaf.renewAt, hour / 4), { etcdServer: leaf })).toEqual(['one day'])
  })

  it('that lives for a few days is told of once when it cannot be renewed, then a day before its end', () => {
    const leaf = { notAfter, renewAt: new Date(before(1).getTime() - 8 * hour) }
    expect(told(after(leaf.renewAt, hour), { etcdServer: leaf })).toEqual(['7 days'])
    expect(told(before(1), { etcdServer: leaf })).toEqual(['one day'])
  })

  it('that is to be renewed at once for another reason is not told of before its time', () => {
    const now = new Date(before(7).getTime() + 2 * hour)
    expect(told(now, { etcdServer: { notAfter, renewAt: now } })).toEqual([])
  })

  it('that lasts as long as its authority is told of with that', () => {
    expect(told(before(7), { etcdServer: { notAfter } })).toEqual([])
  })
})

it('of what is over a condition tells', () => {
  const over = { fault: 'expired', notAfter }
  expect(told(notAfter, { ca: over })).toEqual([])
  expect(nextEndNotice(at(notAfter, { ca: over }))).toBeUndefined()
  const renewAt = new Date(notAfter.getTime() - hour / 2)
  expect(told(new Date(notAfter.getTime() - 1), { etcdServer: { notAfter, renewAt } })).toEqual(['one day'])
  expect(told(notAfter, { etcdServer: { notAfter, renewAt } })).toEqual([])
})
