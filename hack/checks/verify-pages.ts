// Fails when a page names a file or folder that is not there — shell
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
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
