// Children end with their parent, and leave nobody — shell
import { expect, test } from 'vitest'
import { execFileSync } from '../programs/start.ts'
import { spawnBound } from './bound-child.ts'

/** The processes of a group, zombies apart. */
function membersOf(group: number | undefined): readonly string[] {
  const listing = execFileSync('ps', ['-eo', 'pgid=,stat=,args='], { encoding: 'utf8' })
  return listing.split('\n').filter(line => new RegExp(`^\\s*${group}\\s+[^Z]`).test(line))
}

test('the program is the process that we know, and ends with its own code', async () => {
  const { process: child, gone } = spawnBound('sh', ['-c', 'echo $$; exit 7'], { output: 'pipe' })
  let printed = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  await gone

  expect(Number(printed)).toBe(child.pid)
  expect(child.exitCode).toBe(7)
})

test('what a program leaves in the background goes when it ends', async () => {
  const { process: child, gone } = spawnBound('sh', ['-c', 'sleep 600 & exit 0'], { output: 'pipe' })
  await gone
  await expect.poll(() => membersOf(child.pid)).toEqual([])
})

test('kill ends a program that ignores signals, or is stopped, and everything it started', async () => {
  const program = spawnBound('sh', ['-c', 'trap "" TERM; sleep 600 & echo up; wait'], { output: 'pipe' })
  await new Promise(resolve => program.process.stdout?.once('data', resolve))
  program.process.kill('SIGSTOP')
  expect(membersOf(program.process.pid)).toHaveLength(3) // shell, sleep and the watcher

  await program.kill()

  expect(program.process.signalCode).toBe('SIGKILL')
  await expect.poll(() => membersOf(program.process.pid)).toEqual([])
})

test('a program that does not exist ends with the code of a shell', async () => {
  const { process: child, gone } = spawnBound('/no/such/program', [], { output: 'pipe' })
  await gone
  expect(child.exitCode).toBe(127)
})
