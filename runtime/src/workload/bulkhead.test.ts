// How many work with one workload cluster at a time — core
import { expect, test } from 'vitest'
import { Bulkhead } from './bulkhead.ts'

function setUp() {
  const woken: string[] = []
  return { woken, bulkhead: new Bulkhead(user => void woken.push(user)) }
}

test('two have a place; the others are woken in their order, one for each place', () => {
  const { woken, bulkhead } = setUp()
  expect(['a', 'b', 'c', 'd', 'e'].map(user => bulkhead.enter(user))).toEqual([true, true, false, false, false])
  bulkhead.leave('a')
  expect(woken).toEqual(['c'])
  bulkhead.leave('b')
  expect(woken).toEqual(['c', 'd'])
})

test('whoever has a place has it again in the same pass', () => {
  const { bulkhead } = setUp()
  expect(['a', 'b', 'a', 'b'].map(user => bulkhead.enter(user))).toEqual([true, true, true, true])
})

test('the place of whoever was woken is not taken by a newcomer', () => {
  const { woken, bulkhead } = setUp()
  for (const user of ['a', 'b', 'c']) bulkhead.enter(user)
  bulkhead.leave('a')
  expect(woken).toEqual(['c'])
  expect(bulkhead.enter('newcomer')).toBe(false)
  expect(bulkhead.enter('c')).toBe(true)
  bulkhead.leave('b')
  expect(woken).toEqual(['c', 'newcomer'])
})

test('whoever was woken and did not come gives the place to the next', () => {
  const { woken, bulkhead } = setUp()
  for (const user of ['a', 'b', 'c', 'd']) bulkhead.enter(user)
  bulkhead.leave('a')
  bulkhead.leave('c') // its pass had no need of it
  expect(woken).toEqual(['c', 'd'])
  expect(bulkhead.enter('d')).toBe(true)
})

test('the pass that was told to wait goes on waiting; one that is gone does not', () => {
  const { woken, bulkhead } = setUp()
  for (const user of ['a', 'b', 'c', 'd']) bulkhead.enter(user)
  bulkhead.leave('c')
  bulkhead.forget('c')
  bulkhead.leave('a')
  expect(woken).toEqual(['d'])
})

test('nobody is forgotten: fifty come and go through two places', () => {
  const { woken, bulkhead } = setUp()
  const users = Array.from({ length: 50 }, (_, index) => `u${index}`)
  const inside = users.filter(user => bulkhead.enter(user))
  let served = 0
  for (let user = inside.shift(); user !== undefined; user = inside.shift()) {
    served += 1
    bulkhead.leave(user)
    inside.push(...woken.splice(0).filter(one => bulkhead.enter(one)))
    expect(inside.length).toBeLessThanOrEqual(2)
  }
  expect(served).toBe(50)
})
