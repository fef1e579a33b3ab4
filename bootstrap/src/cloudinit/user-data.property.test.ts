// What cloud-init's own parser reads is what we meant — shell
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsedByPyYaml, python } from './testing/python.ts'
import { toUserData } from './user-data.ts'
import { writeFile } from './write-file.ts'

/** Text that some YAML parser takes for something else, one word each. */
const words = `
yes No on OFF y n true null ~ = << . - ? ! &a *a | > 12:30:45 1_000 0644 0o644 0x1f 1e3 .inf -.INF .nan 1. +1 2026-01-02
2026-01-02T03:04:05Z {a [a } ] , %a @a "a" 'a' it's a: :a --- ... #cloud-config {{x}} {%x%} {#x#}
`.split(/\s+/)

const spaced = [
  '',
  ' ',
  'a: b',
  'a #b',
  '# a',
  '- a',
  '--- a',
  '? a',
  '## template: jinja',
  ' a\n  b',
  'a \n',
  '\n',
  'a\n\n',
  '\na',
]

const unusual = [
  '\t',
  'a\t',
  '\ta',
  'a\r\nb',
  'a\u0085b',
  'a\u2028b',
  '\ufeffa',
  'a\0',
  '\u007f',
  '\u001b[0m',
  '🐎',
  'e\u0301',
]

const traps = [...words, ...spaced, ...unusual, '\u200d', '\ud7ff', '\ue000', '\ufffd', '\u{10ffff}']

const text = fc.oneof(
  fc.constantFrom(...traps),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc
    .array(fc.oneof(fc.constantFrom(...traps), fc.constantFrom('\n', ' ', ': ', ' #', '\t')), { maxLength: 6 })
    .map(parts => parts.join('')),
)
const content = fc.oneof(text, fc.uint8Array({ maxLength: 30 }))
const document = fc.record({
  write_files: fc.array(
    fc.record({ path: text, content, permissions: fc.constantFrom('0644', '600', '0755') }).map(writeFile),
    { maxLength: 4 },
  ),
  runcmd: fc.array(fc.array(text, { minLength: 1, maxLength: 4 }), { maxLength: 3 }),
})

test.skipIf(!python)('PyYAML reads every document back', () => {
  fc.assert(
    fc.property(fc.array(document, { minLength: 50, maxLength: 50 }), documents => {
      expect(parsedByPyYaml(documents.map(toUserData))).toEqual(documents)
    }),
    { numRuns: 6 },
  )
})

test.skipIf(!python)('PyYAML reads each trap back', () => {
  const documents = traps.map(trap => ({
    write_files: [writeFile({ path: trap, content: trap, permissions: '0644' })],
    runcmd: [[trap]],
  }))
  expect(parsedByPyYaml(documents.map(toUserData))).toEqual(documents)
})

test('bytes arrive as bytes', () => {
  fc.assert(
    fc.property(content, bytes => {
      const entry = writeFile({ path: '/x', content: bytes, permissions: '0644' })
      const written = Buffer.from(entry.content, entry.encoding === 'b64' ? 'base64' : 'utf8')
      expect(written).toEqual(Buffer.from(bytes as string))
    }),
  )
})
