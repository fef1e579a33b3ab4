// A machine that consists of a folder: real sh, pretended k0s, curl and oras — shell
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { load } from 'js-yaml'
import type { UserData } from '../user-data.ts'

interface Run {
  readonly status: number | null
  readonly output: string
}

export interface FakeMachine extends Disposable {
  readonly dir: string
  readonly installDir: string
  readonly workingDir: string
  /** What cloud-init does at the first boot: writes the files, runs the commands. */
  firstBoot(userData: string): Run
  /** What cloud-init does at every further boot; what is in /run is gone by then. */
  reboot(): Run
  /** What cloud-init calls the machine. */
  isInstance(name: string): void
  /** A program in the PATH. */
  program(name: string, script: string): void
  /** The argument vectors that k0s was called with. */
  k0sCalls(): readonly (readonly string[])[]
  path(path: string): string
  succeeded(): boolean
}

/** Ends every call with the status in the file `k0s-<command>`, else well. */
const recorder = (dir: string): string => `#!/bin/sh
for word in "$#" "$@"; do printf '%s\\0' "$word"; done >>'${dir}/k0s-calls'
[ ! -e '${dir}/k0s-'"$1" ] || exit "$(cat '${dir}/k0s-'"$1")"
`

/** `shell` runs the script. Folders that the script names are moved into the folder of the machine. */
export function fakeMachine(shell = '/bin/sh'): FakeMachine {
  const dir = mkdtempSync(join(tmpdir(), 'k0s-machine-'))
  const programs = join(dir, 'bin')
  const installDir = join(dir, 'usr/local/bin')
  const here = (text: string): string => text.replaceAll(/(?<=^|['"\s>])\/(var\/lib|run)\//gm, `${dir}/$1/`)
  const write = (path: string, content: string | Uint8Array, mode: number): void => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
    chmodSync(path, mode)
  }
  const program = (name: string, script: string): void => write(join(programs, name), script, 0o755)
  const run = (words: readonly string[]): Run => {
    const { status, stdout, stderr } = spawnSync(words[0] === '/bin/sh' ? shell : (words[0] ?? ''), words.slice(1), {
      env: { PATH: `${programs}:${process.env.PATH}` },
      encoding: 'utf8',
    })
    return { status, output: `${stdout}${stderr}` }
  }

  program('sleep', '#!/bin/sh\n')
  program('curl', '#!/bin/sh\nexit 6\n')
  program('systemctl', '#!/bin/sh\nexit 1\n')
  write(join(installDir, 'k0s'), recorder(dir), 0o755)

  return {
    dir,
    installDir,
    workingDir: join(dir, 'etc'),
    program,
    isInstance: name => write(join(dir, 'var/lib/cloud/data/instance-id'), `${name}\n`, 0o644),
    path: path => join(dir, path),
    firstBoot: userData => {
      const { write_files, runcmd } = load(userData) as UserData
      for (const { path, content, encoding, permissions } of write_files) {
        const bytes = Buffer.from(content, encoding === 'b64' ? 'base64' : 'utf8')
        const isOurs = path.endsWith('k0s-bootstrap.sh')
        write(here(path), isOurs ? here(bytes.toString()) : bytes, Number.parseInt(permissions, 8))
      }
      const runs = runcmd.map(run)
      return { status: Math.max(...runs.map(({ status }) => status ?? 255)), output: runs.map(r => r.output).join('') }
    },
    reboot: () => {
      rmSync(join(dir, 'run'), { recursive: true, force: true })
      return run([join(dir, 'var/lib/cloud/scripts/per-boot/k0s-bootstrap.sh')])
    },
    k0sCalls: () => {
      const file = join(dir, 'k0s-calls')
      return existsSync(file) ? parseCalls(readFileSync(file, 'utf8').split('\0').slice(0, -1)) : []
    },
    succeeded: () => existsSync(join(dir, 'run/cluster-api/bootstrap-success.complete')),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  }
}

/** Each call is its number of words, then the words. */
function parseCalls([count, ...rest]: readonly string[]): readonly (readonly string[])[] {
  if (count === undefined) return []
  return [rest.slice(0, Number(count)), ...parseCalls(rest.slice(Number(count)))]
}
