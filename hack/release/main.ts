// `make release VERSION=v1.2.3`: every file of a release, into build/release — shell
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { writeRelease } from './write.ts'

const { values } = parseArgs({
  options: {
    version: { type: 'string' },
    image: { type: 'string', default: 'localhost/k0smotron-ts' },
    out: { type: 'string', default: join(import.meta.dirname, '..', '..', 'build', 'release') },
  },
})
if (!values.version) {
  console.error('Which version? make release VERSION=v0.1.0')
  process.exitCode = 2
} else {
  const { version, image, out } = values
  for (const path of await writeRelease({ version, image, folder: out })) console.log(relative(process.cwd(), path))
}
