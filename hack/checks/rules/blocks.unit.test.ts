// Which blocks of a page are refused — core
import { expect, test } from 'vitest'
import { blockFaults } from './blocks.ts'

const fence = '```'
const block = (language: string, remark = ''): string => `${remark}\n${fence}${language}\nkubectl get pods\n${fence}\n`
const files = ['e2e/x.test.ts']

test.each<[string, boolean, readonly string[]]>([
  [block('sh'), true, []],
  [block('sh'), false, ['README.md:3: says neither which test runs it nor why it is not run']],
  [block('text'), false, []],
  [block('sh', '<!-- not run: needs Docker -->'), false, []],
  [block('sh', '<!-- run by e2e/x.test.ts -->'), false, []],
  [block('sh', '<!-- run by e2e/y.test.ts -->'), true, ['README.md:3: e2e/y.test.ts is not there']],
  [block('sh', '<!-- run on a machine -->'), true, []],
  [
    block('sh', '<!-- run on a machine -->'),
    false,
    ['README.md:3: says neither which test runs it nor why it is not run'],
  ],
  [block('console'), true, ['README.md:3: no language of blocks: console (use sh, yaml, json, ts, text, )']],
])('%j, run: %s', (page, isRun, faults) => {
  expect(blockFaults('README.md', page, isRun, files)).toEqual(faults)
})
