import { expect, it } from 'vitest'
import { bannedWords, idFaults, wordFaults } from './words.ts'

const page = [
  '## Words',
  '| say | for | never | not as a name |',
  '|---|---|---|---|',
  '| workload cluster | what the user gets | `hosted cluster` | |',
  '| paused | | | `isHeld` |',
  '| max… | | | `most…` |',
  '## Tests',
  '| other | | `pass` | |',
].join('\n')
const banned = bannedWords(page)
const faultsOf = (path: string, text: string, isTest = false) => wordFaults({ path, text }, banned, isTest)

it.each([
  ['a sentence', 'a.md', 'two\nHosted clusters', 'a.md:2: hosted cluster; say workload cluster'],
  [
    'a comment that breaks',
    'a.ts',
    '/**\n * The hosted\n * cluster. */',
    'a.ts:2: hosted cluster; say workload cluster',
  ],
  ['a message', 'a.ts', "const x = 'no hosted cluster'", 'a.ts:1: hosted cluster; say workload cluster'],
  ['a name', 'a.ts', 'let x\nconst hostedClusters = hostedCluster', 'a.ts:2: hostedCluster; say workload cluster'],
  ['a part of a name', 'a.ts', 'const wasIsHeldNow = 1', 'a.ts:1: wasIsHeldNow; say paused'],
  ['the beginning of a name', 'a.ts', 'const mostBytes = 1', 'a.ts:1: mostBytes; say max…'],
])('finds a word in %s', (_, path, text, fault) => {
  expect(faultsOf(path, text)).toEqual([fault])
})

it.each([
  ['what is natural in a sentence', '/** Most of it is held; `isHeld` was its name. */'],
  ['the middle of a name', 'const atMostOne = 1'],
  ['what the table of another section names', 'const pass = 1'],
  ['a file that is named so', "'hosted-cluster.yaml'"],
])('lets through %s', (_, text) => {
  expect(faultsOf('a.ts', text)).toEqual([])
})

it('lets tests name their locals as they like, and say nothing that is wrong', () => {
  expect(faultsOf('a.test.ts', 'const mostBytes = 1 // of a hosted cluster', true)).toEqual([
    'a.test.ts:1: hosted cluster; say workload cluster',
  ])
})

it('finds ids of lists that are elsewhere, and records of decisions that are not there', () => {
  const files = ['docs/adr/0006-no-right-to-delete-pods.md']
  const ids = [`${'CT'}-A08`, `${'D'}23`, `${'H'}1`, `${'case'} 12`, `${'ADR'} 7`]
  for (const id of ids)
    expect(idFaults({ path: 'a.ts', text: `x (${id})` }, files)).toEqual([`a.ts:1: ${id} leads nowhere`])
  expect(idFaults({ path: 'a.go', text: `${'case'} 12: HTTP2, K8S1, M1x, ${'ADR'} 6` }, files)).toEqual([])
})
