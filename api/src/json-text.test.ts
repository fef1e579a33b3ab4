import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJsonText } from './json-text.ts'

/** What reads the second key as the first, where only `JSON.parse` is asked. */
const confused = [
  ['\\', '"'],
  ['\\', '\n'],
  ['a\\', 'a\t'],
  [String.raw`k:{\"port\":443,\"protocol\":\"`, 'k:{"port":443,"protocol":"TCP"}'],
] as const

describe.each(confused)('after the key %j', (before, key) => {
  it.each([{}, { first: {} }])(`${JSON.stringify(key)} is read as it is written, after %j`, first => {
    parseJsonText(JSON.stringify({ ...first, [before]: {} }))
    expect(parseJsonText(JSON.stringify({ ...first, [key]: {} }))).toStrictEqual({ ...first, [key]: {} })
  })
})

const keys = fc.string({
  unit: fc.constantFrom('\\', '"', '\n', 'n', 'a', ' ', ':', '{', '\uE000', '\uD800'),
  maxLength: 6,
})
const { value } = fc.letrec(tie => ({
  value: fc.oneof(fc.constantFrom(1, null, 'a":', '\\', true), fc.array(tie('value'), { maxLength: 3 }), tie('object')),
  object: fc.dictionary(keys, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}))

it('reads what was written, in the same order, whatever was read before', () => {
  fc.assert(
    fc.property(value, fc.constantFrom(undefined, 2, ' \t\r\n'), (written, space) => {
      expect(JSON.stringify(parseJsonText(JSON.stringify(written, null, space)))).toBe(JSON.stringify(written))
    }),
    { numRuns: 2000 },
  )
})

it.each([
  [String.raw`{"a\u0062":1,"ab":2,"c":3}`, { ab: 2, c: 3 }],
  [String.raw`{"__proto\u005f_":{"a\"":1}}`, JSON.parse('{"__proto__":{"a\\"":1}}')],
  [String.raw`{"\ud83d\ude00" : ["\\\"", {"\ue000\ue0000":0}]}`, { '😀': ['\\"', { '\uE000\uE0000': 0 }] }],
  [String.raw`"\\"`, '\\'],
])('reads %s', (text, expected) => {
  expect(parseJsonText(text)).toStrictEqual(expected)
})

it.each(['{"\\', '{"\\"', '{"a\\x":1}', '{"\\n" 1}', '{"\\n":', '\\', '{"\\n":1}}', '{"a\\u00":1}'])(
  'refuses %j',
  text => {
    expect(() => parseJsonText(text)).toThrow(SyntaxError)
  },
)

it('reads what is nested deeper than a call stack', () => {
  const depth = 100_000
  const text = `${'{"\\"":'.repeat(depth)}1${'}'.repeat(depth)}`
  let node = parseJsonText(text)
  let found = 0
  for (; typeof node === 'object' && node !== null; node = Reflect.get(node, '"')) found++
  expect(found).toBe(depth)
})
