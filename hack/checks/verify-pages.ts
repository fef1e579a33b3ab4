// Fails when a page names what is not there, or shows commands that no test runs — shell
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { blockFaults } from './rules/blocks.ts'
import { mapFaults, pathFaults } from './rules/pages.ts'
import { filesOf, report, root } from './sources.ts'

const files = await filesOf('*')
const texts = await Promise.all(
  files
    .filter(path => path.endsWith('.md'))
    .map(async path => [path, await readFile(join(root, path), 'utf8')] as const),
)
const isMap = (page: string): boolean => page === 'ARCHITECTURE.md' || page === 'CONTRIBUTING.md'
const maps = texts.filter(([page]) => page === 'ARCHITECTURE.md')
report('Pages that name what is not there', [
  ...texts.flatMap(([page, text]) => pathFaults(page, text, isMap(page), files)),
  ...maps.flatMap(([, text]) => mapFaults(text, 'controlplane/src/hosted/', files)),
])
/** Their blocks are run as they are; records of decisions and other pages say of each what runs it. */
const isRun = (page: string): boolean => /^docs\/[^/]+\.md$/.test(page)
report(
  'Blocks of pages that nothing runs',
  texts.flatMap(([page, text]) => blockFaults(page, text, isRun(page), files)),
)
