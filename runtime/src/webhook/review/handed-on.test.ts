// What nobody looks into comes through as it was sent — core
import type { HandedOn } from '@k0smotron-ts/api'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limits } from '../../limits.ts'
import type { Conversion } from '../types.ts'
import { answerTo } from './answer.ts'
import { conversionReviewer } from './conversion.ts'
import { shortened } from './handed-on.ts'

const seenIn = (text: string, places: HandedOn): string => shortened(Buffer.from(text), places, 'm').body.toString()
const places: HandedOn = { spec: { open: 'whole', list: { '*': { deep: { open: 'whole' } } } } }

describe('left out of sight', () => {
  it.each([
    ['an object', '{"spec":{"open":{"a":[1]},"b":{}}}', '{"spec":{"open":"m0","b":{}}}'],
    ['a list', '{"spec":{"open":[{"open":{}}]}}', '{"spec":{"open":"m0"}}'],
    ['with blanks around', '{ "spec" : { "open" :\n {"a": "}" } } }', '{ "spec" : { "open" :\n "m0" } }'],
    [
      'each below a list',
      '{"spec":{"list":[{"deep":{"open":{}}},{"open":{}},{"deep":{"open":[]}}]}}',
      '{"spec":{"list":[{"deep":{"open":"m0"}},{"open":{}},{"deep":{"open":"m1"}}]}}',
    ],
    ['nothing elsewhere', '{"open":{},"spec":{"a":{"open":{}},"b":{}}}', '{"open":{},"spec":{"a":{"open":{}},"b":{}}}'],
    ['with blanks of each kind', '{"spec"\t:\r\n{"open"  : {}}}', '{"spec"\t:\r\n{"open"  : "m0"}}'],
    ['nothing without quotes', '{""specs:{"open":{}}}', '{""specs:{"open":{}}}'],
    ['nothing in a text', '{"spec":{"a":"\\"open\\":{}","open":1}}', '{"spec":{"a":"\\"open\\":{}","open":1}}'],
    ['nothing that does not end', '{"spec":{"open":{"a":[', '{"spec":{"open":{"a":['],
    ['no name of every object', '{"spec":{"hasOwn":{},"toString":{}}}', '{"spec":{"hasOwn":{},"toString":{}}}'],
  ])('%s', (_, text, seen) => expect(seenIn(text, places)).toBe(seen))

  it('is anything, byte for byte, wherever it stands', () => {
    const values = fc.oneof(fc.object(), fc.array(fc.jsonValue())).map(value => JSON.stringify(value))
    fc.assert(
      fc.property(values, values, fc.string(), (one, two, key) => {
        const text = `{"a":${JSON.stringify({ [key]: one })},"spec":{"b":${two},"open":${one},"list":[{"deep":{"open":${two}}}]}}`
        const { body, whole } = shortened(Buffer.from(text), places, 'mark')
        expect(JSON.parse(body.toString())).toMatchObject({
          spec: { open: 'mark0', list: [{ deep: { open: 'mark1' } }] },
        })
        expect(whole(body.toString()).toString()).toBe(text)
      }),
    )
  })
})

describe('what is too much', () => {
  const inSpec = (fields: string) => `{"spec":{${fields}"open":[]}}`
  const { webhookValues, webhookHandedOn } = limits

  it.each([
    ['entries', (count: number) => `"list":[${'{},'.repeat(count / 2)}{}],`],
    ['fields', (count: number) => `"b":{},`.repeat(count / 2)],
    ['numbers', (count: number) => `"b":[${'1,'.repeat(count)}1],`],
  ])('is not searched to its end: %s', (_, fieldsOf) => {
    const [few, many] = [webhookValues.value - 10, webhookValues.value].map(count => inSpec(fieldsOf(count)))
    expect(seenIn(few as string, places)).toBe(few?.replace('"open":[]', '"open":"m0"'))
    expect(seenIn(many as string, places) === many).toBe(true)
  })

  it('is refused when too many values are found', () => {
    const repeated = (count: number) => inSpec('"open":{},'.repeat(count - 1))
    expect(seenIn(repeated(webhookHandedOn.value), places)).toContain(`"m${webhookHandedOn.value - 1}"}}`)
    expect(() => seenIn(repeated(webhookHandedOn.value + 1), places)).toThrow('more than 100000 values to be handed on')
  })

  it('is not even copied where nothing is handed on', () => {
    const review = Buffer.from('{"request":{}}')
    expect(shortened(review, {}, 'm').body).toBe(review)
  })
})

const convert: Conversion['convert'] = (object, apiVersion) => ({ ...object, apiVersion })
const conversion = { convert, handedOn: { spec: { open: 'whole' } } } satisfies Conversion

/** As kube-apiserver writes them. */
const review = (...objects: readonly string[]) =>
  Buffer.from(
    `{"kind":"ConversionReview","apiVersion":"apiextensions.k8s.io/v1","request":{"uid":"u","desiredAPIVersion":"e/v1","objects":[${objects.join()}]}}\n`,
  )
const object = (open: string, fields = '{}') =>
  `{"apiVersion":"e/v2","kind":"Thing","metadata":{"name":"a","managedFields":[{"fieldsV1":${fields}}]},"spec":{"open":${open}}}`
const converted = (open: string) =>
  `{"apiVersion":"e/v1","kind":"Thing","metadata":{"name":"a"},"spec":{"open":${open}}}`
const answerOf = (...objects: readonly string[]) =>
  answerTo(review(...objects), conversionReviewer(conversion), 'm').toString()
const nested = (depth: number) => `${'{"f:a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`

describe('a ConversionReview', () => {
  it('takes as many values within values as the API server would read again, and gives the others back without', () => {
    const [deepest, deeper] = [nested(9_995), nested(9_996)]
    const answer = answerOf(object(deepest, nested(9_999)), object(deeper), object('{"a":1}'))
    const objects = [deepest, '"too-deep"', '{"a":1}'].map(converted)
    expect(answer).toContain(`"convertedObjects":[${objects.join()}],"result":{"status":"Success"}`)
  })

  it('takes more values than are taken elsewhere, and numbers that JavaScript has none for', () => {
    const many = `[${'1,'.repeat(500_000)}9007199254740993]`
    expect(answerOf(object(many))).toContain(converted(many))
  })

  it('has values only where a text is all of what it says', () => {
    const quoting: Conversion = { ...conversion, convert: one => ({ said: `not "${Object(one.spec).open}"` }) }
    const answer = answerTo(review(object('{}')), conversionReviewer(quoting), 'm').toString()
    expect(answer).toContain(String.raw`"convertedObjects":[{"said":"not \"m1\""}]`)
  })
})
