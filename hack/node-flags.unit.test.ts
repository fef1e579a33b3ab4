// A Node that is started with these flags — shell
import { totalmem } from 'node:os'
import { memoryLimitMiB, nodeFlags, nodeFlagsWithin } from '@k0smotron-ts/config'
import { expect, test } from 'vitest'
import { execFileSync } from './programs/start.ts'

const mebibyte = 1_048_576

/** What `expression` is in a Node with these flags. */
function inNode(flags: readonly string[], expression: string): number {
  return Number(execFileSync(process.execPath, [...flags, '-p', expression], { encoding: 'utf8' }))
}
const heapLimit = "require('node:v8').getHeapStatistics().heap_size_limit"

test('the heap is a quarter of the memory limit, give or take the young generation', () => {
  const constrained = inNode([], 'process.constrainedMemory()')
  const memory = constrained > 0 && constrained < totalmem() ? constrained : totalmem()
  expect(Math.abs(inNode(nodeFlags, heapLimit) - memory / 4)).toBeLessThan(16 * mebibyte)
})

test('without a container, a quarter of what one would have', () => {
  expect(Math.abs(inNode(nodeFlagsWithin(memoryLimitMiB), heapLimit) / mebibyte - memoryLimitMiB / 4)).toBeLessThan(16)
})
