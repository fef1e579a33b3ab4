// Fails when an import goes against the layers — shell
import { dirname, join } from 'node:path'
import { layerFaults, readLayers } from './layers.ts'
import { isTest, report, sources } from './sources.ts'

const files = (await sources()).filter(({ path }) => !isTest(path) && path.includes('/'))
const resolve = (path: string, from: string) => (from.startsWith('.') ? join(dirname(path), from) : from)
report(
  'Imports against the layers',
  layerFaults(
    files.map(({ path, text }) => readLayers(path, text)),
    resolve,
  ),
)
