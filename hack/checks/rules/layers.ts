// Which file may import which — core
import { impureImport, impuritiesOf } from './purity.ts'

/** One import of a file: the path or package, and the names taken from it. */
export interface Import {
  readonly from: string
  readonly names: readonly string[]
  /** Types vanish before anything runs; they still may not cross packages the wrong way. */
  readonly isTypeOnly: boolean
}

export interface LayeredFile {
  readonly path: string
  readonly role: 'core' | 'shell' | undefined
  readonly imports: readonly Import[]
  /** What of the file reaches the world, reads a clock or waits, wherever that comes from. */
  readonly impure: readonly string[]
  /** Calls `JSON.parse` itself. */
  readonly parsesJSON: boolean
}

const statement = /^(?:import|export)\s+(type\s+)?(?:([^'";]*?)\s+from\s+)?['"]([^'"]+)['"]/gm

/** The first line tells the role: it ends in `— core` or `— shell`. */
export function readLayers(path: string, text: string): LayeredFile {
  const [first = ''] = text.split('\n', 1)
  const role = /— (core|shell)$/.exec(first)?.[1] as LayeredFile['role']
  const imports = [...text.matchAll(statement)].map(([, type, names = '', from = '']) => ({
    from,
    names: names.match(/[\w$]+/g) ?? [],
    isTypeOnly: type !== undefined,
  }))
  return { path, role, imports, impure: impuritiesOf(text), parsesJSON: text.includes('JSON.parse(') }
}

/** package → packages that it may import; the table in ARCHITECTURE.md says the same. */
const allowedPackages: Readonly<Record<string, readonly string[]>> = {
  api: [],
  runtime: ['api'],
  controlplane: ['api', 'runtime'],
  bootstrap: ['api', 'runtime'],
  config: ['api', 'runtime/rbac', 'controlplane/rules', 'bootstrap/rules'],
  hack: ['api', 'runtime', 'controlplane', 'bootstrap', 'config'],
  e2e: ['api', 'runtime', 'bootstrap/cloudinit', 'config', 'hack'],
}

/** What the files of a folder may not import, by name or path, and why. */
const folderRules: readonly {
  readonly folder: string
  readonly except?: string
  readonly not: RegExp
  readonly why: string
}[] = [
  {
    folder: 'controlplane/src/hosted/',
    not: /^(?:[kK]0smotronControlPlane\w*|Cluster|clusters|ownerOfKind|isPaused|.*\/controllers\/.*)$/,
    why: 'hosted control planes serve several kinds and know none',
  },
  {
    folder: 'controlplane/src/hosted/phases/',
    not: /^\.\/|\/phases\//,
    why: 'a phase imports no phase; what both need is a fact',
  },
  {
    folder: 'controlplane/src/',
    except: 'controlplane/src/hosted/datastore/',
    not: /\/datastore\/etcd\//,
    why: 'a datastore is known by what all have in common',
  },
]

/** Every forbidden edge as `file -> import: why`. `resolve` finds the file that a relative import means. */
export function layerFaults(files: readonly LayeredFile[], resolve: (path: string, from: string) => string): string[] {
  const roles = new Map(files.map(({ path, role }) => [path, role]))
  return files.flatMap(file => {
    const edges = file.imports.flatMap(one => {
      const why =
        reachFault(file.path, resolve(file.path, one.from), one) ??
        packageFault(file.path, one) ??
        folderFault(file.path, one) ??
        roleFault(file, one, roles.get(resolve(file.path, one.from)))
      return why ? [`${file.path} -> ${one.from}: ${why}`] : []
    })
    const own = file.role === 'core' ? file.impure.map(what => `${file.path}: core ${what}`) : []
    const faults = [...edges, ...own, ...parserFaults(file)]
    return file.role ? faults : [`${file.path}: the first line does not end in "— core" or "— shell"`, ...faults]
  })
}

const jsonParser = 'api/src/json-text.ts'

/** What the product reads comes from many tenants, and `JSON.parse` may mix their keys up. */
function parserFaults({ path, parsesJSON }: LayeredFile): string[] {
  const isProduct = /^(?:api|runtime|controlplane|bootstrap)\//.test(path)
  return parsesJSON && isProduct && path !== jsonParser
    ? [`${path}: JSON.parse; call parseJsonText of ${jsonParser}`]
    : []
}

/** By its path a file of another package could be had past its exports. */
function reachFault(path: string, target: string, { from }: Import): string | undefined {
  const [own = ''] = path.split('/')
  const leaves =
    from.startsWith('.') && target.includes('/') && !target.startsWith('.') && !target.startsWith(`${own}/`)
  return leaves ? 'another package is imported by its name' : undefined
}

function packageFault(path: string, { from }: Import): string | undefined {
  const [, target] = /^@k0smotron-ts\/(.+)$/.exec(from) ?? []
  if (target === undefined) return undefined
  const [own = ''] = path.split('/')
  const isAllowed = allowedPackages[own]?.some(allowed => target === allowed || target.startsWith(`${allowed}/`))
  return isAllowed ? undefined : `${own} may not import ${target}`
}

function folderFault(path: string, { from, names }: Import): string | undefined {
  const broken = folderRules.find(
    ({ folder, except, not }) =>
      path.startsWith(folder) &&
      !(except !== undefined && path.startsWith(except)) &&
      [from, ...names].some(one => not.test(one)),
  )
  return broken?.why
}

function roleFault({ role }: LayeredFile, one: Import, target: LayeredFile['role']): string | undefined {
  if (role !== 'core' || one.isTypeOnly) return undefined
  if (target === 'shell') return 'core may not import shell'
  return impureImport(one.from, one.names)
}

/** Where the table of folders says something else than the check; the last column names what a folder may import. */
export function tableFaults(markdown: string): string[] {
  const rows = new Map([...markdown.matchAll(/^\| `(\w+)\/` \|.*\| ([^|]*) \|$/gm)].map(([, own, may]) => [own, may]))
  return Object.entries(allowedPackages).flatMap(([own, packages]) => {
    const may = packages.length === 0 ? '–' : packages.map(one => `\`${one}\``).join(', ')
    const says = rows.get(own)
    if (says === undefined) return [`ARCHITECTURE.md: ${own} has no row`]
    return says === may ? [] : [`ARCHITECTURE.md: ${own} may import ${may}, and its row says ${says}`]
  })
}
