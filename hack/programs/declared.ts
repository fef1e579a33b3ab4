// The programs of this machine that the project starts, and the Debian package that brings each — core
/** What needs a program. `basis`: what README asks for, and what every system has; `lab`: scenarios included. */
type Need = 'basis' | 'tests' | 'lab'

interface HostProgram {
  readonly package: string
  readonly needs: readonly Need[]
}

const basis: readonly Need[] = ['basis']
const tests: readonly Need[] = ['tests']
const lab: readonly Need[] = ['lab']

/** A program that is not here is not started: what only some machines have is then missing on every machine. */
export const hostPrograms: Readonly<Record<string, HostProgram>> = {
  git: { package: 'git', needs: basis },
  make: { package: 'make', needs: basis },
  node: { package: 'nodejs', needs: basis },
  npm: { package: 'npm', needs: basis },
  go: { package: 'golang-go', needs: basis },
  bash: { package: 'bash', needs: basis },
  sh: { package: 'dash', needs: basis },
  sleep: { package: 'coreutils', needs: basis },
  true: { package: 'coreutils', needs: basis },
  cp: { package: 'coreutils', needs: basis },
  env: { package: 'coreutils', needs: basis },
  getconf: { package: 'libc-bin', needs: basis },
  openssl: { package: 'openssl', needs: tests },
  python3: { package: 'python3-yaml', needs: tests },
  ps: { package: 'procps', needs: tests },
  pgrep: { package: 'procps', needs: lab },
  curl: { package: 'curl', needs: lab },
  ip: { package: 'iproute2', needs: lab },
  mount: { package: 'mount', needs: lab },
  umount: { package: 'mount', needs: lab },
  nsenter: { package: 'util-linux', needs: lab },
  unshare: { package: 'util-linux', needs: lab },
  setpriv: { package: 'util-linux', needs: lab },
  sysctl: { package: 'procps', needs: lab },
  nft: { package: 'nftables', needs: lab },
  modprobe: { package: 'kmod', needs: lab },
  mmdebstrap: { package: 'mmdebstrap', needs: lab },
  'systemd-nspawn': { package: 'systemd-container', needs: lab },
  journalctl: { package: 'systemd', needs: lab },
  'apt-get': { package: 'apt', needs: [] }, // where there is none, a person installs what is missing
}

/** The names of all programs that something needs. */
export const programsFor = (need: Need): readonly string[] =>
  Object.keys(hostPrograms).filter(name => hostPrograms[name]?.needs.includes(need))

/** Where a Debian system keeps the programs of its packages. */
const systemFolder = /^(?:\/usr(?:\/local)?)?\/s?bin\/([^/]+)$/

/** Each of these starts the program that follows `--`. */
const starters = new Set(['env', 'nsenter', 'setpriv', 'unshare'])

/** Of these, the program that follows is one of a guest: another root has other programs. */
const entersRoot = (argv: readonly string[]): boolean => argv[0] === 'nsenter' && argv.includes('-r')

/**
 * The names of the host's programs that a command line starts; files that somebody built or was given are none.
 * Throws for a program that is not declared.
 */
export function declaredIn(argv: readonly string[]): readonly string[] {
  const [program = ''] = argv
  const name = program.includes('/') ? systemFolder.exec(program)?.[1] : program
  if (name === undefined) return []
  if (!(name in hostPrograms))
    throw new Error(`${name} is not declared: name it and its package in hack/programs/declared.ts`)
  if (!starters.has(name) || entersRoot(argv)) return [name]
  const end = argv.indexOf('--')
  if (end < 0) throw new Error(`${name} starts another program: set it apart by --`)
  const rest = argv.slice(end + 1)
  return [name, ...declaredIn(rest.slice(rest.findIndex(word => !/^\w+=/.test(word))))] // env has assignments first
}

/** What to tell somebody who lacks a program. */
export const missingProgram = (name: string): string =>
  `${name} is missing: install it (Debian: apt-get install ${hostPrograms[name]?.package ?? name})`

/** The packages that bring these programs. */
export const packagesOf = (names: readonly string[]): readonly string[] => [
  ...new Set(names.map(name => hostPrograms[name]?.package ?? name)),
]
