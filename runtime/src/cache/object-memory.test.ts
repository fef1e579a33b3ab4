// How much memory objects of tenants may take — core
import { expect, test } from 'vitest'
import { limits } from '../limits.ts'
import { ObjectMemory } from './object-memory.ts'

const { rememberedBytes, reservedBytes, shippedMemoryBytes } = limits
const ordinary = 10_000

/** Puts objects until there is no room; how many bytes found some. */
function fill(memory: ObjectMemory, namespace: string, bytes = ordinary): number {
  let taken = 0
  while (memory.replace(namespace, 0, bytes)) taken += bytes
  return taken
}

test('objects that are not large have a bound too', () => {
  const taken = fill(new ObjectMemory(), 'evil', limits.largeObjectBytes.value)
  expect(taken).toBeLessThanOrEqual(rememberedBytes.value)
  expect(taken).toBeGreaterThan(rememberedBytes.value - 2 * limits.largeObjectBytes.value)
})

test('who has little finds room all the same, whatever others took', () => {
  const memory = new ObjectMemory()
  fill(memory, 'evil')
  const taken = fill(memory, 'victim')
  expect(taken).toBeGreaterThan(limits.smallNamespaceBytes.value - 2 * ordinary)
})

test('many namespaces end at what all may take', () => {
  const memory = new ObjectMemory()
  let taken = 0
  for (let nth = 0; nth < 200; nth++) taken += fill(memory, `evil-${nth}`)
  expect(taken).toBeLessThanOrEqual(rememberedBytes.value + reservedBytes.value)
})

test('what goes or shrinks makes room', () => {
  const memory = new ObjectMemory()
  fill(memory, 'ns')
  expect(memory.replace('ns', ordinary, 1_000)).toBe(true)
  expect(memory.replace('ns', 0, 8_000)).toBe(true)
  expect(memory.replace('ns', 0, 8_000)).toBe(false)
})

test('a container with more memory has room for more', () => {
  const taken = fill(new ObjectMemory(4 * shippedMemoryBytes.value), 'ns')
  expect(taken).toBeGreaterThan(3.9 * rememberedBytes.value)
})
