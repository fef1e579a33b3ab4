// What is written as a file of user data are the bytes that were meant — core
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { content } from './testing/yaml-traps.ts'
import { writeFile } from './write-file.ts'

test('bytes arrive as bytes', () => {
  fc.assert(
    fc.property(content, bytes => {
      const entry = writeFile({ path: '/x', content: bytes, permissions: '0644' })
      const written = Buffer.from(entry.content, entry.encoding === 'b64' ? 'base64' : 'utf8')
      expect(written).toEqual(Buffer.from(bytes as string))
    }),
  )
})
