// How many work with workload clusters at a time — core
import { expect, test } from 'vitest'
import { Places } from './places.ts'

function setUp(proven: readonly string[] = []) {
  const woken: string[] = []
  const isProven = new Set(proven)
  const places = new Places({ invite: user => void woken.push(user), isProven: cluster => isProven.has(cluster) })
  const enter = (users: readonly string[], cluster = 'c'): readonly boolean[] =>
    users.map(user => places.enter(user, cluster))
  return { woken, places, enter, isProven }
}

test('two have a place at one cluster; the others are woken in their order, one for each place', () => {
  const { woken, places, enter } = setUp()
  expect(enter(['a', 'b', 'c', 'd', 'e'])).toEqual([true, true, false, false, false])
  places.leave('a')
  expect(woken).toEqual(['c'])
  places.leave('b')
  expect(woken).toEqual(['c', 'd'])
})

test('whoever has a place has it again in the same pass', () => {
  const { enter } = setUp()
  expect(enter(['a', 'b', 'a', 'b'])).toEqual([true, true, true, true])
})

test('whoever goes on to another cluster leaves the one before', () => {
  const { woken, enter } = setUp()
  enter(['a', 'b', 'c'])
  expect(enter(['a'], 'other')).toEqual([true])
  expect(woken).toEqual(['c'])
})

test('the place of whoever was woken is not taken by a newcomer', () => {
  const { woken, places, enter } = setUp()
  enter(['a', 'b', 'c'])
  places.leave('a')
  expect(woken).toEqual(['c'])
  expect(enter(['newcomer', 'c'])).toEqual([false, true])
  places.leave('b')
  expect(woken).toEqual(['c', 'newcomer'])
})

test('whoever was woken and did not come gives the place to the next', () => {
  const { woken, places, enter } = setUp()
  enter(['a', 'b', 'c', 'd'])
  places.leave('a')
  places.leave('c') // its pass had no need of it
  expect(woken).toEqual(['c', 'd'])
  expect(enter(['d'])).toEqual([true])
})

test('the pass that was told to wait goes on waiting; one that is gone does not', () => {
  const { woken, places, enter } = setUp()
  enter(['a', 'b', 'c', 'd'])
  places.leave('c')
  places.forget('c')
  places.leave('a')
  expect(woken).toEqual(['d'])
})

/** `<namespace>-0/c` and so on: each alone in its namespace. */
const one = (namespace: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, nth) => `${namespace}-${nth}/c`)

/** `<namespace>/c0` and so on. */
const within = (namespace: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, nth) => `${namespace}/c${nth}`)

test('clusters that are not proven to be quick leave half of all places to those that are', () => {
  const { enter } = setUp(one('proven', 20))
  const slow = one('slow', 20).map(cluster => enter([cluster], cluster)[0])
  expect(slow.filter(Boolean)).toHaveLength(10)
  const proven = one('proven', 20).map(cluster => enter([cluster], cluster)[0])
  expect(proven.filter(Boolean)).toHaveLength(10)
})

test('a place counts as what its cluster was when it was taken', () => {
  const { enter, isProven } = setUp(one('c', 10))
  for (const cluster of one('c', 10)) enter([cluster], cluster)
  isProven.clear()
  expect(one('slow', 10).map(cluster => enter([cluster], cluster)[0])).not.toContain(false)
})

test('clusters are served in turn: one with many users does not come before the others', () => {
  const { woken, places, enter } = setUp()
  for (const cluster of one('slow', 10)) enter([cluster], cluster)
  enter(one('many', 10), 'many')
  enter(['few'], 'few')
  for (const cluster of one('slow', 3)) places.leave(cluster)
  expect(woken).toEqual(['many-0/c', 'few', 'many-1/c'])
})

test('clusters of one namespace, however many, leave places to those of others', () => {
  const { woken, places, enter } = setUp()
  const slow = within('slow', 20).map(cluster => enter([cluster], cluster)[0])
  expect(slow.filter(Boolean)).toHaveLength(8)
  expect(within('other', 2).map(cluster => enter([cluster], cluster)[0])).toEqual([true, true])
  places.leave('other/c0')
  expect(woken).toEqual([])
  places.leave('slow/c0')
  expect(woken).toEqual(['slow/c8'])
})

test('the namespace with the fewest places comes first', () => {
  const { woken, places, enter } = setUp()
  for (const cluster of [...within('a', 5), ...within('b', 5)]) enter([cluster], cluster)
  for (const cluster of [...within('a', 8), ...within('b', 8), 'c/c0']) enter([`${cluster}-more`], cluster)
  for (const user of ['a/c0', 'a/c1', 'a/c2']) places.leave(user)
  expect(woken).toEqual(['c/c0-more', 'a/c0-more', 'a/c1-more'])
})

test('nobody is forgotten: fifty come and go through two places', () => {
  const { woken, places, enter } = setUp()
  const users = one('u', 50)
  const inside = users.filter(user => enter([user])[0])
  let served = 0
  for (let user = inside.shift(); user !== undefined; user = inside.shift()) {
    served += 1
    places.leave(user)
    inside.push(...woken.splice(0).filter(next => enter([next])[0]))
    expect(inside.length).toBeLessThanOrEqual(2)
  }
  expect(served).toBe(50)
})
