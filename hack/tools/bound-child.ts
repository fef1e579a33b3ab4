// A child process that cannot outlive this one — shell
import type { Socket } from 'node:net'
import { type ChildProcess, requireDeclared, spawn } from '../programs/start.ts'

/** Where a child's output goes: a file descriptor, or a pipe to this process. */
export interface BoundOptions {
  readonly output: number | 'pipe'
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

/** A started program. Its process id is the program's own. */
export interface BoundChild {
  readonly process: ChildProcess
  /** Resolves when the program and everything it left in its process group are gone. */
  readonly gone: Promise<void>
  /** Ends the whole process group at once; resolves when it is gone. */
  kill(): Promise<void>
}

// Descriptor 3 is one end of a socket whose other end only we have. When we end it, or end ourselves in whatever way,
// the watcher reads end of file and kills the process group, itself included. The program replaces the shell, so that
// it has the process id we know: it alone is stopped or signalled, never its watcher.
const script = '( trap "" TERM INT HUP; read -r _ <&3; kill -KILL 0 ) >/dev/null 2>&1 & exec "$@" 3<&-'

/** Starts a program in a process group of its own that dies with this process, SIGKILL included. */
export function spawnBound(command: string, args: readonly string[], options: BoundOptions): BoundChild {
  requireDeclared(command, [args, options])
  const child = spawn('sh', ['-c', script, 'sh', command, ...args], {
    detached: true,
    stdio: ['ignore', options.output, options.output, 'pipe'],
    cwd: options.cwd,
    env: options.env ?? process.env,
  })
  const leash = child.stdio[3] as Socket
  leash.on('error', () => undefined) // the watcher was killed with data in flight: that is what we wanted
  leash.resume()
  const exited = new Promise<void>(resolve => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const unwatched = new Promise<void>(resolve => leash.once('close', () => resolve()))
  child.once('exit', () => leash.end())
  const gone = Promise.all([exited, unwatched]).then(() => undefined)
  const kill = (): Promise<void> => {
    leash.end()
    return gone
  }
  return { process: child, gone, kill }
}
