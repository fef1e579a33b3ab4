// `make image VERSION=v1.2.3`: the image of the managers into build/image — shell
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { terminalProgress } from '../tools/progress.ts'
import { buildImage } from './build.ts'

const { values } = parseArgs({
  options: {
    version: { type: 'string' },
    image: { type: 'string', default: 'localhost/k0smotron-ts' },
    out: { type: 'string', default: join(import.meta.dirname, '..', '..', 'build', 'image') },
  },
})
if (!values.version) {
  console.error('Which version? make image VERSION=v0.1.0')
  process.exitCode = 2
} else {
  const { version, image, out: folder } = values
  const { reference, layout, digest, archives, sizes } = await buildImage(
    { version, image, folder },
    terminalProgress(),
  )
  const here = (path: string): string => relative(process.cwd(), path)
  console.log(`${reference} ${digest}\n  ${here(layout)}: all platforms`)
  for (const [architecture, file] of Object.entries(archives)) {
    const mebibytes = (sizes[architecture as keyof typeof sizes] ?? 0) / (1 << 20)
    console.log(`  ${here(file)}: ${mebibytes.toFixed(1)} MiB compressed`)
  }
}
