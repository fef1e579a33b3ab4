// Bytes put together up to a bound, and to what is left of a shared room — core
import { expect, test } from 'vitest'
import { BoundedBuffer } from './bounded-buffer.ts'
import { Room } from './bounds.ts'

const kibibyte = 1_024
const bytes = (count: number): Uint8Array => new Uint8Array(count).fill(120)

/** What is left, as whoever takes it finds out. */
function leftIn(room: Room): number {
  let [from, to] = [0, 2 ** 30]
  while (from < to) {
    const middle = Math.ceil((from + to) / 2)
    if (room.take(middle)) {
      room.giveBack(middle)
      from = middle
    } else to = middle - 1
  }
  return from
}

test('what is put together a byte at a time is there as a whole', () => {
  const buffer = new BoundedBuffer(10)
  for (const one of 'abcdefghij') buffer.add(Buffer.from(one))
  expect([buffer.isOver, buffer.view().toString()]).toEqual([false, 'abcdefghij'])
  buffer.add(Buffer.from('k'))
  expect([buffer.isOver, buffer.seen]).toEqual([true, 11])
})

test('a small object needs no room', () => {
  const buffer = new BoundedBuffer(1_024 * kibibyte, new Room(0))
  buffer.add(bytes(64 * kibibyte))
  expect(buffer.isOver).toBe(false)
})

test('what finds no room is over, with its beginning, and gives back what it had', () => {
  const room = new Room(200 * kibibyte)
  const buffer = new BoundedBuffer(1_024 * kibibyte, room)
  buffer.add(bytes(100 * kibibyte))
  expect([buffer.isOver, leftIn(room)]).toEqual([false, 100 * kibibyte])
  buffer.add(bytes(150 * kibibyte))
  expect([buffer.isOver, leftIn(room)]).toEqual([true, 200 * kibibyte])
  expect([buffer.seen, buffer.view().length]).toEqual([250 * kibibyte, 4 * kibibyte])
})

test('a large object gives its room back when it is cleared, and only once', () => {
  const room = new Room(300 * kibibyte)
  const buffer = new BoundedBuffer(1_024 * kibibyte, room)
  for (const size of [40, 40, 40, 40]) buffer.add(bytes(size * kibibyte))
  expect(leftIn(room)).toBeLessThan(300 * kibibyte)
  buffer.clear()
  buffer.clear()
  expect(leftIn(room)).toBe(300 * kibibyte)
  buffer.add(bytes(300 * kibibyte))
  expect([buffer.isOver, leftIn(room)]).toEqual([false, 0])
})
