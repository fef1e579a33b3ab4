// Fails on words that have a better one, and on ids that lead nowhere — shell
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bannedWords, idFaults, type Text, wordFaults } from './rules/words.ts'
import { filesOf, isTest, report, root } from './sources.ts'

const files = await filesOf('*')
/** The table itself, and what tries the check. */
const quotes = /^(?:CONTRIBUTING\.md|hack\/checks\/rules\/words\.)/
const read = files.filter(path => /\.(?:ts|go|sh|md)$|^Makefile$/.test(path) && !quotes.test(path))
const texts = await Promise.all(
  read.map(async (path): Promise<Text> => ({ path, text: await readFile(join(root, path), 'utf8') })),
)
const banned = bannedWords(await readFile(join(root, 'CONTRIBUTING.md'), 'utf8'))
if (banned.length === 0) throw new Error('CONTRIBUTING.md has no table of words')
report('Words that have a better one in CONTRIBUTING.md, and ids that lead nowhere', [
  ...texts.flatMap(one => wordFaults(one, banned, isTest(one.path))),
  ...texts.flatMap(one => idFaults(one, files)),
])
