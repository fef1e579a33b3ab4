// A list in any pieces gives the items that JSON.parse gives — core
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { trustedBounds } from './bounds.ts'
import { ItemScanner } from './item-scanner.ts'
import { AnswerError } from './json.ts'

const awkward = fc.oneof(
  fc.constantFrom('"', '\\', '\\\\"', '"items":[', '{', ']', '},{', '\u2028', '🚀', ''),
  fc.string({ unit: 'binary' }),
)
/** V8 13.6 takes the key `"` for the key `\\` once it has parsed that one in the same place: no matter of the scanner. */
const key = awkward.filter(text => text !== '\\')
const value = fc.jsonValue().filter(json => !JSON.stringify(json).includes(String.raw`"\\":`))
const object = fc.dictionary(key, fc.oneof(awkward, value))
const list = fc.record({ items: fc.array(object), metadata: fc.constant({ resourceVersion: '7' }) })

/** Built-in kinds send the items last, others in the order of the alphabet. */
const orders = [
  ({ items, metadata }: { items: object[]; metadata: object }) => ({ kind: 'List', metadata, items }),
  ({ items, metadata }: { items: object[]; metadata: object }) => ({ apiVersion: 'v1', items, kind: 'List', metadata }),
]

function scan(bytes: Buffer, size: number): { readonly items: unknown[]; readonly rest: unknown } {
  const scanner = new ItemScanner(trustedBounds)
  const items: unknown[] = []
  for (let at = 0; at < bytes.length; at += size) {
    for (const item of scanner.push(bytes.subarray(at, at + size))) items.push(JSON.parse(item.view().toString()))
  }
  return { items, rest: scanner.end() }
}

test('the same items, wherever the chunks are cut', () => {
  fc.assert(
    fc.property(
      list,
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom(...orders),
      fc.constantFrom(0, 2),
      (given, size, order, indent) => {
        const text = JSON.stringify(order(given), null, indent)
        const { items, rest } = scan(Buffer.from(text), size)
        expect(items).toEqual((JSON.parse(text) as { items: unknown[] }).items)
        expect(rest).toEqual({ ...order(given), items: [] })
      },
    ),
  )
})

test.each(['{"items":[1]}', '{"items":["a"]}', '{"items":[{}', '{"items":[}', 'not found', ''])(
  '%s is no list',
  text => {
    expect(() => scan(Buffer.from(text), 3)).toThrow(AnswerError)
  },
)

test('a list without items has none', () => {
  expect(scan(Buffer.from('{"items":null,"metadata":{"x":["items",[1]]}}'), 2).items).toEqual([])
})
