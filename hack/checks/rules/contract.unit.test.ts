import { expect, it } from 'vitest'
import { contractFaults } from './contract.ts'

const page = `| rule | met in | proven by |
|---|---|---|
| Pausing | \`a.ts\`, \`b.ts\` | \`a.test.ts\`: stops while paused |
`
const files = [
  { path: 'a.ts', text: '// as asked (contract: Pausing)' },
  { path: 'b.ts', text: '' },
  { path: 'a.test.ts', text: "it('stops while paused', () => {})" },
]

it('finds nothing where everything is there', () => {
  expect(contractFaults(page, files)).toEqual([])
})

it.each([
  ['a file that is gone', files.slice(0, 1).concat(files.slice(2)), ['docs/contract.md: Pausing: b.ts is not there']],
  [
    'a test that is gone',
    [...files.slice(0, 2), { path: 'a.test.ts', text: '' }],
    ['docs/contract.md: Pausing: a.test.ts has no test "stops while paused"'],
  ],
  [
    'a rule that nobody wrote down',
    [...files, { path: 'c.ts', text: `(${'contract'}: Moving)` }],
    ['c.ts: rule "Moving" is not in docs/contract.md'],
  ],
])('finds %s', (_, sources, faults) => {
  expect(contractFaults(page, sources)).toEqual(faults)
})

it('takes a page without rules for broken', () => {
  expect(contractFaults('', [])).toEqual(['docs/contract.md has no rule'])
})
