// For how long a member has said what it said last — core
import { expect, it } from 'vitest'
import type { Database } from '../../members.ts'
import { LastDatabases } from './last-databases.ts'

const database = (size: number, ...alarms: Database['alarms']): Database => ({ size, inUse: 1, quota: 100, alarms })
const said = (...sizes: readonly (number | undefined)[]) =>
  new Map(sizes.flatMap((size, ordinal) => (size === undefined ? [] : [[ordinal, database(size)] as const])))
const seconds = (now: number, replicas = 3) => ({ now: now * 1_000, replicas })

it('a member that misses two questions has said what it said before; then nobody knows', () => {
  const last = new LastDatabases()
  last.after(said(82, 78, 78), seconds(0))
  expect(last.after(said(undefined, 79, 78), seconds(30))).toEqual(said(82, 79, 78))
  expect(last.after(said(undefined, 79, 78), seconds(72))).toEqual(said(82, 79, 78))
  expect(last.after(said(undefined, 79, 78), seconds(91))).toEqual(said(undefined, 79, 78))
  expect(last.after(said(50, 79, 78), seconds(120))).toEqual(said(50, 79, 78))
})

it('so it is where none of them answers, and alarms stay then', () => {
  const last = new LastDatabases()
  const alarmed = new Map([[0, database(100, 'NOSPACE')]])
  last.after(alarmed, seconds(0))
  expect(last.after(new Map(), seconds(90))).toEqual(alarmed)
  expect(last.after(new Map(), seconds(91))).toEqual(new Map())
})

it('an alarm that nobody who answers knows of was taken back', () => {
  const last = new LastDatabases()
  const alarmed = new Map([0, 1].map(ordinal => [ordinal, database(100, 'NOSPACE')] as const))
  last.after(alarmed, seconds(0))
  expect(last.after(said(undefined, 40), seconds(30))).toEqual(said(100, 40))
})

it('one that was removed has nothing to say', () => {
  const last = new LastDatabases()
  last.after(said(1, 2, 3), seconds(0))
  expect(last.after(said(1), seconds(30, 1))).toEqual(said(1))
})

it('before the first answer nothing is known, and after a minute and a half that nobody answers', () => {
  const last = new LastDatabases()
  expect([0, 90, 91].map(now => last.after(new Map(), seconds(now)))).toEqual([undefined, undefined, new Map()])
})
