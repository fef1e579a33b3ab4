// Text splits into words as a shell splits it — shell
import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quotedWords } from './shell-quote.ts'
import { hasExpansion, shellWords } from './shell-words.ts'

test.each<[string, readonly string[] | undefined]>([
  ['', []],
  ['  --debug  ', ['--debug']],
  ['--taints a=b:NoSchedule', ['--taints', 'a=b:NoSchedule']],
  ['--labels="a=b c"', ['--labels=a=b c']],
  ["--labels='a=b c'", ['--labels=a=b c']],
  ['--env "" x', ['--env', '', 'x']],
  [String.raw`a\ b \"c "d\"e\f\$" '\'`, ['a b', '"c', String.raw`d"e\f$`, '\\']],
  ['$(reboot) `id` *', ['$(reboot)', '`id`', '*']],
  ['"never ends', undefined],
  ["it's", undefined],
  ['ends in \\', undefined],
])('%j', (text, words) => {
  expect(shellWords(text)).toEqual(words)
})

test.each<[string, boolean]>([
  ['--a=$(id)', true],
  [`--a=$\{HOME}`, true],
  ['"--a=$HOME b"', true],
  [`"--a='$HOME'"`, true],
  ['--a=`id`', true],
  [`--a='$(id) \`id\`'`, false],
  [String.raw`--a=\$HOME "\$(id) \`"`, false],
  ['--a=10$', false],
  ['--a=^x$|$', false],
])('%s: something would be expanded: %s', (text, expands) => {
  expect(hasExpansion(text)).toBe(expands)
})

const word = fc.string({ unit: 'grapheme', maxLength: 12 }).filter(text => !text.includes('\0'))

test('quoted words are the words again, for us and for sh', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), words => {
      expect(shellWords(quotedWords(words))).toEqual(words)
      const script = `for word in ${quotedWords(words)}; do printf '%s\\0' "$word"; done`
      const { stdout } = spawnSync('sh', ['-s'], { input: script, encoding: 'utf8' })
      expect(stdout.split('\0').slice(0, -1)).toEqual(words)
    }),
    { numRuns: 50 },
  )
})
