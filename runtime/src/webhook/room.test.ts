// Who is slow gives way to who comes — core
import { expect, test } from 'vitest'
import { limits } from '../limits.ts'
import { SharedRoom } from './room.ts'

function roomOf(bytes: number, patienceMs = 100) {
  let now = 0
  const room = new SharedRoom({ bytes, patienceMs, elapsed: () => now })
  const gone: string[] = []
  return {
    gone,
    enter: (name: string) => room.enter(() => gone.push(name)),
    wait: (milliseconds: number) => {
      now += milliseconds
    },
  }
}

test('nobody gives way to who comes soon', () => {
  const { gone, enter, wait } = roomOf(10)
  expect(enter('first').take(10)).toBe(true)
  wait(99)
  expect(enter('second').take(1)).toBe(false)
  expect(gone).toEqual([])
})

test('as many give way as have to, first who was there first, and get nothing more', () => {
  const { gone, enter, wait } = roomOf(10)
  const [first, second, third, late] = ['first', 'second', 'third', 'late'].map(enter) as [Share, Share, Share, Share]
  for (const share of [second, first, third]) share.take(3)
  wait(100)
  expect(late.take(6)).toBe(true)
  expect(gone).toEqual(['second', 'first'])
  first.giveBack(3)
  expect([first.take(0), first.take(1), third.take(1), third.take(1)]).toEqual([false, false, true, false])
})

test('who wants more does not give way to itself', () => {
  const { gone, enter, wait } = roomOf(10)
  const only = enter('only')
  only.take(9)
  wait(100)
  expect(only.take(2)).toBe(false)
  expect(gone).toEqual([])
})

test('who gave everything back is not there any more, and begins anew', () => {
  const { gone, enter, wait } = roomOf(10)
  const first = enter('first')
  first.take(5)
  first.giveBack(5)
  wait(100)
  first.take(5)
  expect(enter('late').take(6)).toBe(false)
  expect(gone).toEqual([])
})

test('nobody whose review is of the largest size and takes long gives way to those that go on coming', () => {
  const { webhookBytes, webhookUnfinishedBytes, webhookPatienceMilliseconds } = limits
  const { gone, enter, wait } = roomOf(webhookUnfinishedBytes.value, webhookPatienceMilliseconds.value)
  const shares: Share[] = []
  for (let nth = 0; nth < 600; nth++) {
    const [share, ended] = [enter(`${nth}`), shares[nth - 3]]
    share.take(webhookBytes.value)
    shares.push(share)
    wait(300)
    ended?.giveBack(ended.taken)
  }
  expect(gone).toEqual([])
})

type Share = ReturnType<SharedRoom['enter']>
