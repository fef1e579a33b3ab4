// Which file may import which — core

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
  return { path, role, imports }
}

/** package → packages that it may import; `hack` is for tests and e2e alone. */
const allowedPackages: Readonly<Record<string, readonly string[]>> = {
  api: [],
  runtime: ['api'],
  controlplane: ['api', 'runtime'],
  bootstrap: ['api', 'runtime'],
  config: ['api', 'runtime/rbac', 'controlplane/rules', 'bootstrap/rules'],
  hack: ['api', 'runtime', 'controlplane', 'bootstrap', 'config', 'e2e/k0s-stand-in'],
  e2e: ['api', 'runtime', 'config', 'hack/testenv', 'hack/lab', 'hack/tools'],
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

/** What pure code may take from Node: the same input gives the same output. */
const pureBuiltins: Readonly<Record<string, readonly string[]>> = {
  'node:crypto': [
    'createHash',
    'createHmac',
    'createPrivateKey',
    'createPublicKey',
    'X509Certificate',
    'timingSafeEqual',
    'KeyObject',
  ],
  'node:zlib': ['gzipSync', 'gunzipSync'],
  'node:net': ['BlockList', 'isIP', 'isIPv4', 'isIPv6'],
}

/** Every forbidden edge as `file -> import: why`. `resolve` finds the file that a relative import means. */
export function layerFaults(files: readonly LayeredFile[], resolve: (path: string, from: string) => string): string[] {
  const roles = new Map(files.map(({ path, role }) => [path, role]))
  return files.flatMap(file => {
    const edges = file.imports.flatMap(one => {
      const why =
        packageFault(file.path, one) ??
        folderFault(file.path, one) ??
        roleFault(file, one, roles.get(resolve(file.path, one.from)))
      return why ? [`${file.path} -> ${one.from}: ${why}`] : []
    })
    return file.role ? edges : [`${file.path}: the first line does not end in "— core" or "— shell"`, ...edges]
  })
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
  if (!one.from.startsWith('node:')) return undefined
  const impure = one.names.filter(name => name !== 'type' && !pureBuiltins[one.from]?.includes(name))
  return impure.length > 0 ? `core may not take ${impure.join(', ')} from Node` : undefined
}
