// Who gives way when objects of workload clusters take too much memory — core
import { limits } from '@k0smotron-ts/runtime'
import { expect, test } from 'vitest'
import { type Remembering, WatchMemory } from './watch-memory.ts'

const mebibyte = 1_048_576

function setUp() {
  const memory = new WatchMemory()
  const gone: string[] = []
  const begin = (cluster: string) => {
    const one: Remembering = { cluster, giveWay: () => void gone.push(cluster) }
    const { replace } = memory.begin(one)
    /** In objects of 100 KB, which count threefold. */
    const fill = (bytes: number): void => {
      for (let taken = 0; taken < bytes; taken += 301_024) replace('', 0, 100_000)
    }
    return { one, replace, fill }
  }
  return { memory, gone, begin }
}

test('many small objects of one cluster', () => {
  const { gone, begin } = setUp()
  const { replace } = begin('evil/c')
  let count = 0
  while (replace('', 0, 40)) count++
  expect(gone).toEqual(['evil/c'])
  expect(count).toBe(Math.floor(limits.workloadWatchBytes.value / 1_144))
  expect(replace('', 0, 40)).toBe(false)
  expect(gone).toHaveLength(1)
})

test('5,000 ordinary nodes are no such thing', () => {
  const { gone, begin } = setUp()
  const { replace } = begin('ns/c')
  for (let nth = 0; nth < 5_000; nth++) replace('', 0, 400)
  expect(gone).toEqual([])
})

test('an object that changes or goes makes room', () => {
  const { gone, begin } = setUp()
  const { replace } = begin('ns/c')
  for (let nth = 0; nth < 100_000; nth++) {
    replace('', 0, 1_000)
    replace('', 1_000, 500)
    replace('', 500, 0)
  }
  expect(gone).toEqual([])
})

test('all together: the namespace that takes most, and its largest', () => {
  const { gone, begin } = setUp()
  begin('evil/a').fill(9 * mebibyte)
  const victim = begin('victim/c')
  victim.fill(8 * mebibyte)
  begin('evil/b').fill(10 * mebibyte)
  victim.fill(6 * mebibyte)
  expect(gone).toEqual(['evil/b'])
})

test('what ended takes nothing', () => {
  const { memory, gone, begin } = setUp()
  for (let nth = 0; nth < 10; nth++) {
    const { one, fill } = begin(`ns/${nth}`)
    fill(10 * mebibyte)
    memory.end(one)
  }
  expect(gone).toEqual([])
})
