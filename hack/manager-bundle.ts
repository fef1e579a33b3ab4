// The managers in a few files, ready to run without node_modules — shell
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'

const root = join(import.meta.dirname, '..')
const released = join(root, 'build', 'bin')

/** Providers that are programs, by the name that `--enable-controller` has for them. */
const programs = { 'control-plane': 'controlplane/src/main.ts', bootstrap: 'bootstrap/src/main.ts' } as const

export type ProviderName = keyof typeof programs

export const providerNames = Object.keys(programs) as readonly ProviderName[]

/** The file to run once `bundleManagers` has resolved. */
export function bundlePath(provider: ProviderName, outdir: string = released): string {
  return join(outdir, provider, 'main.mjs')
}

// CommonJS packages inside an ES module still ask for `require`
const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"

/**
 * Writes `<outdir>/<provider>/main.mjs` and the chunks that they share; whoever lets managers run for long gives them a
 * folder of their own, since what was there before is removed. `version`: what they say that they are, if it is not the
 * one of the sources. Gives the folders of the npm packages that are in it.
 */
export async function bundleManagers(outdir: string = released, version?: string): Promise<readonly string[]> {
  await rm(outdir, { recursive: true, force: true })
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: providerNames.map(name => ({ in: programs[name], out: `${name}/main` })),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    metafile: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    // a CommonJS build has no named exports for those who import it when they need it
    mainFields: ['module', 'main'],
    banner: { js: banner },
    legalComments: 'linked',
    // a typographic quote in a comment of a library doubles what Node keeps of all the text
    minifyWhitespace: true,
    lineLimit: 160,
    plugins: version === undefined ? [] : [withVersion(version)],
    logLevel: 'warning',
  })
  return packageFoldersOf(Object.keys(metafile.inputs))
}

/** `node_modules/a/node_modules/@b/c`, of each file inside of one. */
function packageFoldersOf(files: readonly string[]): readonly string[] {
  const folders = files.flatMap(file => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? [])
  return [...new Set(folders)].sort()
}

function withVersion(version: string): Plugin {
  const contents = `export const version = ${JSON.stringify(version)}`
  return {
    name: 'version',
    setup: ({ onLoad }) =>
      onLoad({ filter: /[/\\]runtime[/\\]src[/\\]version\.ts$/ }, () => ({ contents, loader: 'ts' })),
  }
}

/** A bundle of this version (`v1.2.3`) that is there for so long, and the folders of the npm packages in it. */
export async function withBundle<T>(
  version: string,
  use: (bundle: string, packages: readonly string[]) => Promise<T>,
): Promise<T> {
  const scratch = await mkdtemp(join(tmpdir(), 'managers-'))
  try {
    const bundle = join(scratch, 'bundle')
    return await use(bundle, await bundleManagers(bundle, version.slice(1)))
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
