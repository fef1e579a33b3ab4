// Writes what is generated, or says what is not current — shell
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { metadataFile, releaseFiles } from '@k0smotron-ts/config'
import { version } from '@k0smotron-ts/runtime'
import { limitsPage } from './docs/limits-page.ts'
import { referencePages } from './docs/reference-page.ts'

const root = join(import.meta.dirname, '..')

/** Everything that is generated, by its path in the repository. */
const files = [
  ...releaseFiles().map(({ path, content }) => ({ path: `config/${path}`, content })),
  metadataFile(`v${version}`),
  { path: 'docs/limits.md', content: limitsPage() },
  ...referencePages(),
]

async function generate(): Promise<void> {
  for (const { path, content } of files) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
  console.log(`Wrote ${files.length} files`)
}

async function verify(): Promise<void> {
  const stale: string[] = []
  for (const { path, content } of files) {
    const committed = await readFile(join(root, path), 'utf8').catch(() => undefined)
    if (committed !== content) stale.push(path)
  }
  if (stale.length === 0) return console.log('Generated files are current')
  console.error(`Not current, run make generate:\n  ${stale.join('\n  ')}`)
  process.exitCode = 1
}

await (process.argv.includes('--verify') ? verify() : generate())
