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
  ])('%s', (_, databases, percent) => {
    expect(roomOf(said(...databases))?.percent).toBe(percent)
  })

  it('an alarm counts, whoever knows of it', () => {
    const { alarms } = roomOf(said(database(1, 100), database(99, 100, ['NOSPACE']))) ?? {}
    expect(alarms).toEqual(['NOSPACE'])
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

  it('is written anew with every twentieth of the quota, not with each growth', () => {
    const sizes = Array.from({ length: 371 }, (_, size) => roomStatus(said(database(size, 371)))?.databaseSize)
    expect(new Set(sizes).size).toBe(20)
  })

  it('is left alone by what somebody else wrote there', () => {
    expect(roomOf({ memory: { etcd: { databaseSize: 'much', databaseQuota: '0' } } })).toBeUndefined()
  })
})
