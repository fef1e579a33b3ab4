// What is a list and what only looks like one — core
import { expect, test } from 'vitest'
import { configMaps } from '../../testing/kubernetes-answers.ts'
import { readObject, readPage } from './bodies.ts'
import { trustedBounds as bounds } from './bounds.ts'

async function* inPieces(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7)
}

async function pageOf(text: string) {
  const names: (string | undefined)[] = []
  const reader = {
    object: ({ metadata }: { metadata: { name?: string } }) => void names.push(metadata.name),
    leftOut() {},
  }
  const end = await readPage(inPieces(text), configMaps, { maxBytes: 1_000_000, reader, bounds })
  return { end, names }
}

const metadata = '"metadata":{"resourceVersion":"1"}'

test.each([
  ['empty', `{"items":[],${metadata}}`, []],
  ['none, as Go writes it', `{"items":null,${metadata}}`, []],
  ['with its version last', `{"items":[{"metadata":{"name":"a"}}],${metadata}}`, ['a']],
  ['with gaps', `{ ${metadata} ,\n "items" : [ {"metadata":{"name":"a"}} , {"metadata":{"name":"b"}} ] }`, ['a', 'b']],
])('a list: %s', async (_, text, names) => {
  expect(await pageOf(text)).toMatchObject({ end: { kind: 'whole', resourceVersion: '1' }, names })
})

test.each([
  '{}',
  'null',
  '[]',
  '"x"',
  '7',
  '{"kind":"Status","status":"Failure","message":"x","metadata":{}}',
  `{${metadata}}`,
  '{"items":[]}',
  '{"items":[],"metadata":null}',
  '{"items":[],"metadata":{"resourceVersion":""}}',
  '{"items":[],"metadata":{"resourceVersion":7}}',
  '{"items":[],"metadata":{"resourceVersion":"1","continue":5}}',
  `{"items":{},${metadata}}`,
  `{"\\u0069tems":[{"metadata":{"name":"a"}}],${metadata}}`,
  `{"x\\"items":[{"metadata":{"name":"a"}}],${metadata}}`,
  `{"x":1,"x,\\"items":[{"metadata":{"name":"a"}}],${metadata}}`,
  `{"items"${' '.repeat(100)}:[{"metadata":{"name":"a"}}],${metadata}}`,
])('no list: %s', async text => {
  await expect(pageOf(text)).rejects.toMatchObject({ problem: 'malformed' })
})

test.each(['{}', '{"metadata":null}', '{"metadata":{}}', '{"metadata":{"name":5}}', '{"metadata":{"name":""}}'])(
  'no object of a list: %s',
  async item => {
    await expect(pageOf(`{"items":[${item}],${metadata}}`)).rejects.toMatchObject({ problem: 'malformed' })
  },
)

test.each(['null', '[]', '5', '{}', '{"metadata":[]}'])('no object: %s', async text => {
  await expect(readObject(inPieces(text), bounds)).rejects.toMatchObject({ problem: 'malformed' })
})
