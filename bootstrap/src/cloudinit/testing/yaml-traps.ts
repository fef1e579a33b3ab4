// Text that YAML parsers take for something else — core
import fc from 'fast-check'

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

export const traps: readonly string[] = [
  ...words,
  ...spaced,
  ...unusual,
  '\u200d',
  '\ud7ff',
  '\ue000',
  '\ufffd',
  '\u{10ffff}',
]

export const text: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...traps),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc
    .array(fc.oneof(fc.constantFrom(...traps), fc.constantFrom('\n', ' ', ': ', ' #', '\t')), { maxLength: 6 })
    .map(parts => parts.join('')),
)

export const content: fc.Arbitrary<string | Uint8Array> = fc.oneof(text, fc.uint8Array({ maxLength: 30 }))
