// A map that forgets what was not used for longest — core
import { expect, test } from 'vitest'
import { Lru } from './lru.ts'

test('the entry that was not used for longest goes first', () => {
  const lru = new Lru<number>(2)
  lru.set('a', 1)
  lru.set('b', 2)
  lru.get('a')
  lru.set('c', 3)
  expect([lru.get('a'), lru.get('b'), lru.get('c'), lru.size]).toEqual([1, undefined, 3, 2])
})

test('what is deleted is gone', () => {
  const lru = new Lru<number>(2)
  lru.set('a', 1)
  lru.delete('a')
  expect([lru.get('a'), lru.size]).toEqual([undefined, 0])
})
