// What is carried as text and what as base64 — core
import { expect, test } from 'vitest'
import { writeFile } from './write-file.ts'

const b64 = (content: string | Uint8Array): string => Buffer.from(content as string).toString('base64')

test.each<[string, string | Uint8Array, string, 'b64' | undefined]>([
  ['text', 'a\tb\nü 🐎 {{ jinja }}\n', 'a\tb\nü 🐎 {{ jinja }}\n', undefined],
  ['nothing', '', '', undefined],
  ['bytes that are text', new TextEncoder().encode('plain'), 'plain', undefined],
  ['a NUL character', 'a\0b', b64('a\0b'), 'b64'],
  ['a carriage return', 'a\r\nb', b64('a\r\nb'), 'b64'],
  ['a next-line character', 'a\u0085b', b64('a\u0085b'), 'b64'],
  ['a byte order mark', '\ufeffa', b64('\ufeffa'), 'b64'],
  ['bytes that are no text', new Uint8Array([0xff, 0x00]), '/wA=', 'b64'],
])('%s', (_, content, carried, encoding) => {
  const entry = writeFile({ path: '/etc/x', content, permissions: '0644' })
  expect(entry).toEqual({ path: '/etc/x', content: carried, ...(encoding && { encoding }), permissions: '0644' })
})
