// One at a time, and nobody waits for the dead — shell
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withLock } from './lock.ts'
import { isAlive, parseOwner, printOwner, thisProcess } from './owner.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k0smotron-ts-lock-'))
})

afterEach(() => rm(folder, { recursive: true }))

const nobody = (): void => undefined

test('work never overlaps, and nothing stays behind', async () => {
  const path = join(folder, 'lock')
  let inside = 0
  let most = 0
  const work = async (): Promise<void> => {
    inside += 1
    most = Math.max(most, inside)
    await readdir(folder)
    inside -= 1
  }
  await Promise.all(Array.from({ length: 5 }, () => withLock(path, nobody, work)))

  expect(most).toBe(1)
  expect(await readdir(folder)).toEqual([])
})

test('who waits is told for whom, once', async () => {
  const path = join(folder, 'lock')
  const waitedFor: number[] = []
  const first = Promise.withResolvers<void>()
  const second = Promise.withResolvers<void>()
  const holding = withLock(path, nobody, () => first.promise)
  await expect.poll(() => readdir(folder)).toContain('lock')
  const waiting = withLock(
    path,
    ({ pid }) => {
      waitedFor.push(pid)
      second.resolve()
    },
    () => Promise.resolve(),
  )
  await second.promise
  first.resolve()
  await Promise.all([holding, waiting])

  expect(waitedFor).toEqual([process.pid])
})

test.each([
  ['a process that is gone', printOwner({ pid: process.pid, started: 'another time' })],
  ['nobody', 'garbage'],
])('the lock of %s is taken over', async (_, content) => {
  const path = join(folder, 'lock')
  await writeFile(path, content)

  expect(await withLock(path, nobody, () => Promise.resolve('done'))).toBe('done')
})

test('the lock is given back when the work fails', async () => {
  const path = join(folder, 'lock')
  await expect(withLock(path, nobody, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await readdir(folder)).toEqual([])
})

test('a process is known by number and start time', () => {
  const me = thisProcess()
  expect(isAlive(me)).toBe(true)
  expect(isAlive({ ...me, started: `${me.started}1` })).toBe(false)
  expect(parseOwner(printOwner(me))).toEqual(me)
  expect(parseOwner('12')).toBeUndefined()
})
