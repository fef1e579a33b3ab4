// Whose turn it is among the keys that wait — core
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Turns } from './turns.ts'

function taken(turns: Turns, atMost = Number.POSITIVE_INFINITY): string[] {
  const keys: string[] = []
  while (keys.length < atMost) {
    const next = turns.take()
    if (!next) break
    keys.push(next.key)
  }
  return keys
}

function turnsOf(...keys: readonly string[]): Turns {
  const turns = new Turns()
  for (const key of keys) turns.add(key, 0)
  return turns
}

test('first come, first served within a namespace', () => {
  expect(taken(turnsOf('ns/c', 'ns/a', 'ns/b', 'ns/a'))).toEqual(['ns/c', 'ns/a', 'ns/b'])
})

test('namespaces are served in turn', () => {
  expect(taken(turnsOf('a/1', 'a/2', 'a/3', 'b/1', 'cluster-scoped', 'b/2'))).toEqual([
    'a/1',
    'b/1',
    'cluster-scoped',
    'a/2',
    'b/2',
    'a/3',
  ])
})

test('a namespace that is emptied and comes back goes to the end of the line', () => {
  const turns = turnsOf('a/1', 'b/1', 'b/2')
  expect(taken(turns, 1)).toEqual(['a/1'])
  turns.add('a/2', 0)
  expect(taken(turns)).toEqual(['b/1', 'a/2', 'b/2'])
})

test('keys without news come after those with news, but every fifth turn is theirs', () => {
  const turns = turnsOf('a/look1', 'b/look2', ...Array.from({ length: 6 }, (_, n) => `n${n}/news`))
  turns.postpone(key => key.endsWith('news'))
  expect(taken(turns)).toEqual(['n0/news', 'n1/news', 'n2/news', 'n3/news', 'a/look1', 'n4/news', 'n5/news', 'b/look2'])
})

test('news of a key that was to be looked at only moves it ahead, and it has waited since it came', () => {
  const turns = new Turns()
  turns.add('a/1', 10)
  turns.add('a/2', 20)
  turns.postpone(() => false)
  turns.add('a/2', 30)
  expect([turns.take(), turns.take(), turns.size]).toEqual([
    { key: 'a/2', addedAt: 20 },
    { key: 'a/1', addedAt: 10 },
    0,
  ])
})

const key = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(20)).map(([namespace, n]) => `${namespace}/${n}`)

test('nothing is lost and nothing comes twice', () => {
  fc.assert(
    fc.property(fc.array(key), fc.func(fc.boolean()), fc.array(key), (before, hasNews, after) => {
      const turns = turnsOf(...before)
      turns.postpone(hasNews)
      for (const one of after) turns.add(one, 1)
      const wanted = new Set([...before, ...after])
      expect(turns.size).toBe(wanted.size)
      expect(taken(turns).sort()).toEqual([...wanted].sort())
    }),
  )
})

test('a key waits for no more keys of another namespace than there are of its own before it', () => {
  fc.assert(
    fc.property(fc.array(key, { minLength: 1 }), keys => {
      const order = taken(turnsOf(...keys))
      for (const [index, one] of order.entries()) {
        const before = order.slice(0, index)
        const [namespace] = one.split('/')
        const own = before.filter(other => other.startsWith(`${namespace}/`)).length
        for (const other of ['a', 'b', 'c']) {
          if (other === namespace) continue
          expect(before.filter(earlier => earlier.startsWith(`${other}/`)).length).toBeLessThanOrEqual(own + 1)
        }
      }
    }),
  )
})

test('keys whose namespace has no turn now stay in their place, with news or without', () => {
  const turns = turnsOf('a/1', 'a/2', 'b/1', 'c/look')
  turns.postpone(name => !name.endsWith('look'))
  const others = (namespace: string): boolean => namespace !== 'a'
  expect([turns.take(others), turns.take(others), turns.take(others)].map(next => next?.key)).toEqual([
    'b/1',
    'c/look',
    undefined,
  ])
  expect(taken(turns)).toEqual(['a/1', 'a/2'])
})

test('when it is the turn of looks and none of them may be taken, news go on', () => {
  const turns = turnsOf('b/1', 'b/2', 'b/3', 'b/4', 'b/5', 'a/look')
  turns.postpone(name => !name.endsWith('look'))
  taken(turns, 4)
  expect(turns.take(namespace => namespace !== 'a')?.key).toBe('b/5')
})
