// Whose file it is that keeps daemons from starting — shell
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { areDaemonsForbidden, withoutDaemons } from './without-daemons.ts'

let folder: string
let policy: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k0smotron-ts-policy-'))
  policy = join(folder, 'policy-rc.d')
})

afterEach(() => rm(folder, { recursive: true }))

const read = (): Promise<string> => readFile(policy, 'utf8')

test('it is there while we install, and gone when that fails', async () => {
  let during = ''
  const work = async (): Promise<void> => {
    during = await read()
    throw new Error('no such package')
  }
  await expect(withoutDaemons(work, policy)).rejects.toThrow('no such package')
  expect(during).toContain('exit 101')
  await expect(access(policy)).rejects.toThrow('ENOENT')
})

test('what a killed process of ours left is noticed, used and removed', async () => {
  await withoutDaemons(async () => writeFile(join(folder, 'left'), await read()), policy)
  expect(await areDaemonsForbidden(policy)).toBe(false)
  await writeFile(policy, await readFile(join(folder, 'left')))
  expect(await areDaemonsForbidden(policy)).toBe(true)
  await withoutDaemons(async () => expect(await read()).toContain('exit 101'), policy)
  await expect(access(policy)).rejects.toThrow('ENOENT')
})

test("the owner's stays as it is", async () => {
  await writeFile(policy, '#!/bin/sh\nexit 101\n')
  await withoutDaemons(() => Promise.resolve(), policy)
  expect(await areDaemonsForbidden(policy)).toBe(false)
  expect(await read()).toBe('#!/bin/sh\nexit 101\n')
})
