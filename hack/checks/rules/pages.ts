// Files and folders that pages name, which may have moved — core

/** What could be a path: neither a pattern, a placeholder, a command, a URL nor an annotation. */
const named = /`([\w./-]+)`/g
const folders = /^(?:api|runtime|controlplane|bootstrap|config|e2e|hack|docs)\/.*[./]/
/** What `make verify-layers` compares with its own table: entry points, not files. */
const entryPoint = /^(?:runtime\/rbac|bootstrap\/cloudinit|(?:controlplane|bootstrap)\/rules)$/

/**
 * Paths that are not there, as `page: path`. `isMap`: the page leads through the code and names files by the end of
 * their path too; elsewhere only what starts with a folder of the repository is taken for one of its paths.
 */
export function pathFaults(page: string, markdown: string, isMap: boolean, files: readonly string[]): string[] {
  const known = [...everyFolder(files), ...files]
  const isThere = (path: string): boolean => known.some(one => one === path || one.endsWith(`/${path}`))
  const paths = [...markdown.matchAll(named)].map(([, path = '']) => path)
  return paths
    .filter(path => (isMap ? /[\w-]\/|\.(?:ts|go|md|sh)$/.test(path) : folders.test(path)) && !entryPoint.test(path))
    .filter(path => !isThere(path.replace(/^\.\//, '').replace(/\/$/, '')))
    .map(path => `${page}: ${path} is not there`)
}

function everyFolder(files: readonly string[]): ReadonlySet<string> {
  const parents = (path: string): string[] => path.split('/').map((_, i, parts) => parts.slice(0, i).join('/'))
  return new Set(files.flatMap(parents))
}

/** Where the table of a folder in ARCHITECTURE.md, headed `| folder of … |`, leaves out a folder or a file of it. */
export function mapFaults(markdown: string, folder: string, files: readonly string[]): string[] {
  const [, table = ''] = /^\| folder of [^\n]*\n((?:\|[^\n]*\n)*)/m.exec(markdown) ?? []
  const cells = table.split('\n').map(row => row.split('|')[1] ?? '')
  const names = new Set(cells.flatMap(cell => [...cell.matchAll(named)].map(([, name = '']) => name.split('/')[0])))
  const inside = files.filter(path => path.startsWith(folder) && !path.endsWith('.test.ts'))
  const entries = new Set(inside.map(path => path.slice(folder.length).split('/')[0] ?? ''))
  return [...entries]
    .filter(name => !names.has(name))
    .map(name => `ARCHITECTURE.md: the table of ${folder} has no row for ${name}`)
}
