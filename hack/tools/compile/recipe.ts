// What a tool's files depend on: version, linker flags, and the key of its cache entry — core
import { createHash } from 'node:crypto'
import type { Tool } from '../catalogue.ts'

/** Everything that decides the bytes of a tool's files; the same recipe is never built twice. */
export interface Recipe {
  readonly version: string
  readonly flags: readonly string[]
  /** Name of the cache entry. */
  readonly entry: string
}

interface SourceFile {
  readonly path: string
  readonly content: string
}

/** The recipe for a tool whose own folder holds these files (go.mod, go.sum and Go source) on this platform. */
export function recipeOf(tool: Tool, files: readonly SourceFile[], platform: string): Recipe {
  const version = tool.module ? requiredVersion(tool.module, files) : 'source'
  const flags = ['-trimpath', '-buildvcs=false', '-ldflags', linkerFlags(tool, version)]
  const hash = createHash('sha256').update(JSON.stringify({ platform, flags, outputs: tool.outputs }))
  for (const { path, content } of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    hash.update(JSON.stringify([path, content]))
  }
  return { version, flags, entry: `${tool.name}-${version}-${hash.digest('hex').slice(0, 16)}` }
}

function requiredVersion(module: string, files: readonly SourceFile[]): string {
  const goMod = files.find(({ path }) => path === 'go.mod')?.content ?? ''
  const line = goMod.split('\n').find(text =>
    text
      .trim()
      .replace(/^require\s+/, '')
      .startsWith(`${module} v`),
  )
  const version = line
    ?.trim()
    .replace(/^require\s+/, '')
    .split(/\s+/)[1]
  if (!version) throw new Error(`go.mod does not require ${module}`)
  return version
}

function linkerFlags({ versionVariables }: Tool, version: string): string {
  const [major = '', minor = ''] = version.replace(/^v/, '').split('.')
  // A variable that a package does not have is ignored by the linker: one list serves all of them.
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: 'clean', Version: version }
  const set = (versionVariables ?? []).flatMap(goPackage =>
    Object.entries(values).map(([name, value]) => `-X ${goPackage}.${name}=${value}`),
  )
  return ['-s -w', ...set].join(' ')
}

/** What `go build` calls the program of a package: the last element of its path that is not a major version. */
export function programNameOf(goPackage: string, tool: Pick<Tool, 'folder'>): string {
  const path = goPackage === '.' ? tool.folder : goPackage
  return (
    path
      .replace(/\/v\d+$/, '')
      .split('/')
      .at(-1) ?? path
  )
}
