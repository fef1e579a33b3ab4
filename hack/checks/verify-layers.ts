// Fails when an import goes against the layers — shell
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { independenceFaults } from './rules/independent.ts'
import { layerFaults, readLayers, tableFaults } from './rules/layers.ts'
import { isTest, report, root, sources } from './sources.ts'

const files = (await sources()).filter(({ path }) => path.includes('/'))
/** The file that an import means, as far as it is one of ours. */
function resolve(path: string, from: string): string {
  if (from.startsWith('.')) return join(dirname(path), from)
  const [, own, entry = 'index'] = /^@k0smotron-ts\/([^/]+)(?:\/(.+))?$/.exec(from) ?? []
  return own === undefined ? from : `${own}/src/${entry}.ts`
}

const layered = files.map(({ path, text }) => readLayers(path, text))
const table = tableFaults(await readFile(join(root, 'ARCHITECTURE.md'), 'utf8'))
const product = layered.filter(({ path }) => !isTest(path))
report('Against the layers', [...layerFaults(product, resolve), ...independenceFaults(layered, resolve), ...table])
