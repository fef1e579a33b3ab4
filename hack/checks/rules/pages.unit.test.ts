import { expect, it } from 'vitest'
import { mapFaults, pathFaults } from './pages.ts'

const files = ['api/src/kinds.ts', 'controlplane/src/hosted/phases/endpoint.ts', 'controlplane/src/hosted/owned.ts']

it.each([
  ['a file', '`api/src/kinds.ts`', []],
  ['a folder', '`controlplane/src/hosted/phases/`', []],
  ['a file that moved', '`api/src/moved.ts`', ['P.md: api/src/moved.ts is not there']],
  ['a path of a machine', '`/var/lib/k0s/pki`, `etc/x.conf`', []],
  ['a command and a pattern', '`node hack/x.ts`, `api/<kind>.ts`', []],
])('looks at %s that a page names', (_, text, faults) => {
  expect(pathFaults('P.md', text, false, files)).toEqual(faults)
})

it('finds by the end of its path what a map of the code names', () => {
  expect(pathFaults('P.md', '`phases/endpoint.ts`, `owned.ts`, `hosted/`', true, files)).toEqual([])
  expect(pathFaults('P.md', '`phases/gone.ts`, `runtime/rbac`', true, files)).toEqual([
    'P.md: phases/gone.ts is not there',
  ])
})

it('wants a row for each folder and file of a folder with a table', () => {
  const folder = 'controlplane/src/hosted/'
  const rows = (...names: readonly string[]) => [
    '| folder of `hosted/` | what |',
    '|---|---|',
    ...names.map(name => `| ${name} | x |`),
    '',
    '| `owned.ts` | y |',
  ]
  expect(mapFaults(rows('`owned.ts`', '`phases/`, `a/b/`').join('\n'), folder, files)).toEqual([])
  expect(mapFaults(rows('`phases/`').join('\n'), folder, files)).toEqual([
    `ARCHITECTURE.md: the table of ${folder} has no row for owned.ts`,
  ])
})
