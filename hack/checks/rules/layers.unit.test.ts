import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { layerFaults, readLayers, tableFaults } from './layers.ts'

const resolve = (path: string, from: string) => (from.startsWith('../../hack/') ? join(dirname(path), from) : from)
const faultsOf = (...files: readonly [string, string][]) =>
  layerFaults(
    files.map(([path, text]) => readLayers(path, text)),
    resolve,
  )

it.each<[string, [string, string], string]>([
  ['a file without a role', ['api/src/a.ts', '// Something'], 'api/src/a.ts: the first line'],
  [
    'api importing runtime',
    ['api/src/a.ts', "// A — core\nimport type { X } from '@k0smotron-ts/runtime'"],
    'api may not import runtime',
  ],
  [
    'one provider importing the other',
    ['bootstrap/src/a.ts', "// A — shell\nimport { x } from '@k0smotron-ts/controlplane'"],
    'bootstrap may not import controlplane',
  ],
  [
    'config importing more than rules',
    ['config/src/a.ts', "// A — core\nimport { x } from '@k0smotron-ts/controlplane'"],
    'config may not import controlplane',
  ],
  [
    'a product importing the machinery',
    ['runtime/src/a.ts', "// A — shell\nimport { x } from '@k0smotron-ts/hack/testenv'"],
    'runtime may not import hack/testenv',
  ],
  [
    'core reading files',
    ['api/src/a.ts', "// A — core\nimport { readFile } from 'node:fs/promises'"],
    'core may not take readFile from Node',
  ],
  [
    'core rolling dice',
    ['api/src/a.ts', "// A — core\nimport {\n  createHash,\n  randomBytes,\n} from 'node:crypto'"],
    'core may not take randomBytes from Node',
  ],
  [
    'the core of hosted control planes knowing a kind',
    ['controlplane/src/hosted/a.ts', "// A — core\nimport type { K0smotronControlPlane } from '@k0smotron-ts/api'"],
    'serve several kinds and know none',
  ],
  [
    "the core of hosted control planes knowing a kind's controller",
    ['controlplane/src/hosted/a.ts', "// A — core\nimport type { X } from '../controllers/k/x.ts'"],
    'serve several kinds and know none',
  ],
  [
    'a phase importing a phase',
    ['controlplane/src/hosted/phases/a.ts', "// A — core\nimport { x } from './b.ts'"],
    'a phase imports no phase',
  ],
  [
    'a file that knows etcd',
    ['controlplane/src/controllers/k/a.ts', "// A — core\nimport { x } from '../../hosted/datastore/etcd/x.ts'"],
    'a datastore is known by what all have in common',
  ],
  ...(
    [
      ['waiting', 'const x = async () => await y', 'waits'],
      ['reading the clock', 'const x = new Date()', 'reads the clock'],
      ['asking an injected clock', 'const x = clock.elapsed()', 'reads the clock'],
      ['setting a timer', 'setTimeout(x, 5)', 'sets a timer'],
      ['rolling dice without an import', 'const x = Math.random()', 'rolls dice'],
      ['reading the environment', 'const x = process.env.X', 'knows its process'],
      ['sending a request', "const x = fetch('https://x')", 'sends requests'],
      ['writing to the log', "log.error({}, 'x')", 'logs'],
      ['taking a package that does I/O', "import { request } from 'undici'", 'core may not import undici'],
    ] as const
  ).map(([what, code, fault]): [string, [string, string], string] => [
    `core ${what}`,
    ['runtime/src/a.ts', `// A — core\n${code}`],
    fault,
  ]),
  ['JSON.parse in the product', ['runtime/src/a.ts', '// A — shell\nconst x = JSON.parse(text)'], 'call parseJsonText'],
  [
    'a file of another package by its path',
    ['e2e/a/b.ts', "// A — shell\nimport { x } from '../../hack/tools/x.ts'"],
    'another package is imported by its name',
  ],
])('finds %s', (_, file, fault) => {
  expect(faultsOf(file)).toEqual([expect.stringContaining(fault)])
})

it('finds core importing shell, by import and by export', () => {
  const shell: [string, string] = ['./shell.ts', '// S — shell']
  for (const word of ['import', 'export']) {
    const core: [string, string] = ['runtime/src/a.ts', `// A — core\n${word} { x } from './shell.ts'`]
    expect(faultsOf(core, shell)).toEqual(['runtime/src/a.ts -> ./shell.ts: core may not import shell'])
  }
})

it('lets types through within a package, and hashing', () => {
  const file: [string, string] = [
    'runtime/src/a.ts',
    "// A — core\nimport type { X } from './shell.ts'\nimport { createHash } from 'node:crypto'",
  ]
  expect(faultsOf(file, ['./shell.ts', '// S — shell'])).toEqual([])
})

it('reads no code out of comments and texts', () => {
  const text =
    "// A — core\n/** Not `new Date()`. */\nconst x = 'process.env' // never fetch('x')\nconst y = new Date(0)"
  expect(faultsOf(['runtime/src/a.ts', text])).toEqual([])
})

it('finds a row of the table of folders that allows what the check does not', () => {
  const rows = [
    '| `api/` | pure | – |',
    '| `runtime/` | for all | `api` |',
    '| `controlplane/` | | `api`, `runtime` |',
    '| `bootstrap/` | | `api` |',
    '| `config/` | | `api`, `runtime/rbac`, `controlplane/rules`, `bootstrap/rules` |',
    '| `e2e/` | | `api`, `runtime`, `bootstrap/cloudinit`, `config`, `hack` |',
  ]
  expect(tableFaults(rows.join('\n'))).toEqual([
    'ARCHITECTURE.md: bootstrap may import `api`, `runtime`, and its row says `api`',
    'ARCHITECTURE.md: hack has no row',
  ])
})
