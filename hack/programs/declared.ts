// The programs of this machine that the project starts, and the Debian package that brings each — core
/** What needs a program. `basis`: what README asks for, and what every system has; `lab`: scenarios included. */
type Need = 'basis' | 'tests' | 'lab'

interface HostProgram {
  readonly package: string
  readonly need?: Need
  /** Arguments with which it succeeds only if the package is there, where another one may bring the program alone. */
  readonly proof?: readonly string[]
}

/** What every system has. */
function of(name: string, programs: string): Readonly<Record<string, HostProgram>> {
  return Object.fromEntries(programs.split(' ').map(program => [program, { package: name, need: 'basis' }]))
}

/** A program that is not here is not started: what only some machines have is then missing on every machine. */
export const hostPrograms: Readonly<Record<string, HostProgram>> = {
  git: { package: 'git', need: 'basis' },
  make: { package: 'make', need: 'basis' },
  node: { package: 'nodejs', need: 'basis' },
  npm: { package: 'npm', need: 'basis' },
  go: { package: 'golang-go', need: 'basis' },
  bash: { package: 'bash', need: 'basis' },
  sh: { package: 'dash', need: 'basis' },
  ...of('coreutils', 'chroot cp date env mkdir rm rmdir sleep touch true'),
  getconf: { package: 'libc-bin', need: 'basis' },
  openssl: { package: 'openssl', need: 'tests' },
  python3: { package: 'python3-yaml', need: 'tests', proof: ['-c', 'import yaml'] },
  ps: { package: 'procps', need: 'tests' },
  pgrep: { package: 'procps', need: 'lab' },
  curl: { package: 'curl', need: 'lab' },
  'dpkg-deb': { package: 'dpkg', need: 'lab' },
  ip: { package: 'iproute2', need: 'lab' },
  mount: { package: 'mount', need: 'tests' },
  umount: { package: 'mount', need: 'lab' },
  nsenter: { package: 'util-linux', need: 'lab' },
  unshare: { package: 'util-linux', need: 'tests' },
  pivot_root: { package: 'util-linux', need: 'lab' },
  setpriv: { package: 'util-linux', need: 'lab' },
  sysctl: { package: 'procps', need: 'lab' },
  nft: { package: 'nftables', need: 'lab' },
  modprobe: { package: 'kmod', need: 'lab' },
  mmdebstrap: { package: 'mmdebstrap', need: 'lab' },
  'systemd-nspawn': { package: 'systemd-container', need: 'lab' },
  journalctl: { package: 'systemd', need: 'lab' },
  'apt-get': { package: 'apt' }, // where there is none, a person installs what is missing
}

/** The names of all programs that something needs. */
export const programsFor = (need: Need): readonly string[] =>
  Object.keys(hostPrograms).filter(name => hostPrograms[name]?.need === need)

/** Where a Debian system keeps the programs of its packages. */
const systemFolder = /^(?:\/usr)?\/s?bin\/([^/]+)$/

/** Each of these starts the program that follows `--`. */
const starters = new Set(['env', 'nsenter', 'setpriv', 'unshare'])

/** Of these, the program that follows is one of a guest: another root has other programs. */
const entersRoot = (argv: readonly string[]): boolean => argv[0] === 'nsenter' && argv.includes('-r')

/**
 * The names of the host's programs that a command line starts; what we built is none, nor what is in the folder `given`.
 * Throws for a program that is not declared.
 */
export function declaredIn(argv: readonly string[], given?: string): readonly string[] {
  const [program = ''] = argv
  if (given && program.startsWith(`${given}/`)) return []
  const name = program.includes('/') ? systemFolder.exec(program)?.[1] : program
  if (name === undefined) return []
  if (!(name in hostPrograms))
    throw new Error(`${name} is not declared: name it and its package in hack/programs/declared.ts`)
  if (!starters.has(name) || entersRoot(argv)) return [name]
  const end = argv.indexOf('--')
  if (end < 0) throw new Error(`${name} starts another program: set it apart by --`)
  const rest = argv.slice(end + 1)
  return [name, ...declaredIn(rest.slice(rest.findIndex(word => !/^\w+=/.test(word))), given)] // env has assignments first
}

/** What to tell somebody who lacks a program. */
export const missingProgram = (name: string): string =>
  `${name} is missing: install it (Debian: apt-get install ${hostPrograms[name]?.package ?? name})`

/** The packages that bring these programs. */
export const packagesOf = (names: readonly string[]): readonly string[] => [
  ...new Set(names.map(name => hostPrograms[name]?.package ?? name)),
]
