import type { StatefulSet } from '@k0smotron-ts/runtime'
import { describe, expect, it } from 'vitest'
import type { Database } from './members.ts'
import { roomOf, roomStatus } from './room.ts'

const Mi = 1024 ** 2
const database = (size: number, quota: number, alarms: Database['alarms'] = []): Database => ({
  size: size * Mi,
  inUse: Mi,
  alarms,
  quota: quota * Mi,
})
const said = (...databases: readonly Database[]) => ({
  memory: {},
  datastoreMembers: { answers: new Map(), databases: new Map(databases.entries()) },
})

describe('roomOf', () => {
  it.each([
    ['nobody was asked', [], undefined],
    ['the fullest counts, by its own quota', [database(90, 200), database(80, 100)], 80],
    ['in steps of five, downward', [database(84, 100)], 80],
    ['what had reached it before, while another is far from it', [database(0, 200), database(100, 100)], 100],
    ['above the quota', [database(104, 100)], 100],
    ['far above the quota', [database(900, 100)], 100],
  ])('%s', (_, databases, percent) => {
    expect(roomOf(said(...databases))?.percent).toBe(percent)
  })

  it('an alarm counts, whoever knows of it', () => {
    const { alarms } = roomOf(said(database(1, 100), database(99, 100, ['NOSPACE']))) ?? {}
    expect(alarms).toEqual(['NOSPACE'])
  })
})

describe('while a member of several has not answered', () => {
  const etcd = { databaseSize: '80Mi', databaseQuota: '100Mi', alarms: ['NOSPACE' as const] }
  const datastoreSet = (replicas: number) => ({ spec: { replicas } }) as unknown as StatefulSet
  const without = (size: number, replicas = 3) => ({
    ...said(database(size, 100), database(75, 100)),
    memory: { etcd },
    datastoreSet: datastoreSet(replicas),
  })

  it.each([
    ['there is no more room than there was', without(75), { percent: 80, alarms: [] }],
    ['there may be less', without(90), { percent: 90, alarms: [] }],
    ['one that was removed is not waited for', without(75, 2), { percent: 75, alarms: [] }],
  ])('%s', (_, known, expected) => {
    expect(roomOf(known)).toMatchObject(expected)
  })

  it('nor where one that goes has', () => {
    const databases = new Map([0, 3].map(ordinal => [ordinal, database(75, 100)] as const))
    const known = { ...without(75, 2), datastoreMembers: { answers: new Map(), databases } }
    expect(roomOf(known)?.percent).toBe(80)
  })
})

describe('an alarm that was told before', () => {
  const memory = { etcd: { databaseSize: '100Mi', databaseQuota: '100Mi', alarms: ['NOSPACE' as const] } }
  const alarmsWith = (databases?: ReadonlyMap<number, Database>) =>
    roomOf({ memory, datastoreMembers: { answers: new Map(), ...(databases && { databases }) } })

  it('is believed until there was time for an answer', () => {
    expect(alarmsWith()).toMatchObject({ percent: 100, alarms: ['NOSPACE'] })
  })

  it('is not believed where nobody answers, and the size is', () => {
    expect(alarmsWith(new Map())).toMatchObject({ percent: 100, alarms: [] })
  })
})

describe('what the status has', () => {
  it.each([0, 5, 35, 80, 95, 100])('is what another manager goes on with, at %d %%', percent => {
    const told = said(database((371 * percent) / 100 + 0.001, 371, percent === 100 ? ['NOSPACE'] : []))
    const etcd = roomStatus(told)
    if (!etcd) throw new Error('nothing is told')
    expect(roomOf({ memory: { etcd } })).toEqual(roomOf(told))
    expect(roomStatus({ memory: { etcd } })).toEqual(etcd)
  })

  it.each([1, 4, 5, 16, 21.5, 63])('is so with the smallest quotas, of %d MiB', quota => {
    for (let twentieth = 0; twentieth <= 20; twentieth += 1) {
      const told = said(database((quota * twentieth) / 20 + 0.001, quota))
      const etcd = roomStatus(told)
      if (!etcd) throw new Error('nothing is told')
      expect(roomOf({ memory: { etcd } })?.percent).toBe(twentieth * 5)
      expect(roomStatus({ memory: { etcd } })).toEqual(etcd)
    }
  })

  it('is written anew with every twentieth of the quota, not with each growth', () => {
    const sizes = Array.from({ length: 371 }, (_, size) => roomStatus(said(database(size, 371)))?.databaseSize)
    expect(new Set(sizes).size).toBe(20)
  })

  it('is left alone by what somebody else wrote there', () => {
    expect(roomOf({ memory: { etcd: { databaseSize: 'much', databaseQuota: '0' } } })).toBeUndefined()
  })
})
