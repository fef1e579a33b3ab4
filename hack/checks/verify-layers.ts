// Fails when an import goes against the layers — shell
import { dirname, join } from 'node:path'
import { layerFaults, readLayers } from './layers.ts'
import { isTest, report, sources } from './sources.ts'

const files = (await sources()).filter(({ path }) => !isTest(path) && path.includes('/'))
/** The file that an import means, as far as it is one of ours. */
function resolve(path: string, from: string): string {
  if (from.startsWith('.')) return join(dirname(path), from)
  const [, own, entry = 'index'] = /^@k0smotron-ts\/([^/]+)(?:\/(.+))?$/.exec(from) ?? []
  return own === undefined ? from : `${own}/src/${entry}.ts`
}

report(
  'Imports against the layers',
  layerFaults(
    files.map(({ path, text }) => readLayers(path, text)),
    resolve,
  ),
)
