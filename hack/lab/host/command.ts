// Programs that run to their end — shell
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { finished, pipeline } from 'node:stream/promises'
import { type ChildProcess, spawn } from '../../programs/start.ts'
import { spawnBound } from '../../tools/bound-child.ts'

export type Argv = readonly [program: string, ...rest: string[]]
export type RunInput = string | Uint8Array | Readable

/** Gives the standard output of a program that exited with 0; anything else throws with what it said on stderr. */
export async function run(argv: Argv, input?: RunInput): Promise<string> {
  const [program, ...rest] = argv
  const child = spawn(program, rest, { stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] })
  // A program that ends without reading its input is judged by its exit code, not by the broken pipe.
  if (child.stdin && input !== undefined) feed(child.stdin, input).catch(() => undefined)
  return outcome(argv, child)
}

/** As `run`, for what takes long: the program dies with this process, and `onOutput` hears of it while it works. */
export async function runBound(argv: Argv, onOutput: (text: string) => void): Promise<string> {
  const [program, ...rest] = argv
  const { process: child, gone } = spawnBound(program, rest, { output: 'pipe' })
  child.stderr?.on('data', (chunk: Buffer) => onOutput(chunk.toString()))
  const result = await outcome(argv, child)
  await gone
  return result
}

async function outcome(argv: Argv, child: ChildProcess): Promise<string> {
  const [output, complaint, code] = await Promise.all([written(child.stdout), written(child.stderr), exit(child)])
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}: ${complaint.trim() || output.trim()}`)
  return output
}

const written = (stream: Readable | null): Promise<string> => (stream ? text(stream) : Promise.resolve(''))

const exit = (child: ChildProcess): Promise<number | string> =>
  new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'))
  })

async function feed(stdin: Writable, input: RunInput): Promise<void> {
  if (typeof input === 'object' && 'pipe' in input) return pipeline(input, stdin)
  stdin.end(input)
  await finished(stdin)
}
