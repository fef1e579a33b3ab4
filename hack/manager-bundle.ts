// The managers in a few files, ready to run without node_modules — shell
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

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
 * folder of their own, since what was there before is removed.
 */
export async function bundleManagers(outdir: string = released): Promise<void> {
  await rm(outdir, { recursive: true, force: true })
  await build({
    absWorkingDir: root,
    entryPoints: providerNames.map(name => ({ in: programs[name], out: `${name}/main` })),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    // a CommonJS build has no named exports for those who import it when they need it
    mainFields: ['module', 'main'],
    banner: { js: banner },
    legalComments: 'linked',
    logLevel: 'warning',
  })
}
