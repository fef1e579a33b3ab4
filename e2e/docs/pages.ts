// The pages of docs/: which test follows which — shell
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { blocksOf } from '@k0smotron-ts/hack/docs'
import { type Part, partsOf } from './parts.ts'

const root = join(import.meta.dirname, '..', '..')

/** Followed in this order in one lab where nothing is installed; the first one installs. All others come after docs/install.md. */
export const corePages: readonly string[] = ['docs/quickstart.md', 'docs/standalone.md']
const installing = 'docs/install.md'

export interface Page {
  /** In the repository. */
  readonly path: string
  readonly parts: readonly Part[]
}

export const readPages = (paths: readonly string[]): Promise<readonly Page[]> =>
  Promise.all(
    paths.map(async path => ({ path, parts: partsOf(path, blocksOf(await readFile(join(root, path), 'utf8'))) })),
  )

/** Every page that is not a core one, as they lie in the folder: a new page is followed without being named anywhere. */
export async function otherPages(): Promise<readonly string[]> {
  const found = (await readdir(join(root, 'docs'))).filter(name => name.endsWith('.md')).map(name => `docs/${name}`)
  return [installing, ...found.sort().filter(path => path !== installing && !corePages.includes(path))]
}
