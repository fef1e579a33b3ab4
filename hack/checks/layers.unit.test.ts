import { expect, it } from 'vitest'
import { layerFaults, readLayers } from './layers.ts'

const resolve = (_: string, from: string) => from
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
