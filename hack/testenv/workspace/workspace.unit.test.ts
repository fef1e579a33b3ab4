// A folder for one environment, and what becomes of those whose process was killed — shell
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { thisProcess } from '../../tools/lock/owner.ts'
import { StartError } from './component.ts'
import { onFreePort } from './ports.ts'
import { createWorkspace } from './workspace.ts'
import { workspacePrefix } from './workspace-name.ts'

let parent: string

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'k0smotron-ts-workspaces-'))
})

afterEach(() => rm(parent, { recursive: true }))

test('folders of processes that are gone are removed, all others stay', async () => {
  const mine = `${workspacePrefix(thisProcess())}aaaaaa`
  const dead = `${workspacePrefix({ pid: process.pid, started: 'before' })}bbbbbb`
  const foreign = 'k0smotron-ts-env'
  for (const name of [mine, dead, foreign]) await mkdir(join(parent, name))
  await writeFile(join(parent, dead, 'etcd.log'), '')

  const workspace = await createWorkspace([], parent)

  expect(await readdir(parent)).toEqual(expect.arrayContaining([mine, foreign]))
  expect(existsSync(join(parent, dead))).toBe(false)
  await workspace.remove()
  expect((await readdir(parent)).toSorted()).toEqual([foreign, mine].toSorted())
})

test('removing a workspace ends its programs first', async () => {
  const workspace = await createWorkspace([], parent)
  const script = 'while :; do : > "$0/written"; done'
  const { process: child } = workspace.spawn('sh', ['-c', script, workspace.dir], { output: 'pipe' })
  await expect.poll(() => existsSync(join(workspace.dir, 'written'))).toBe(true)

  await workspace.remove()

  expect(child.signalCode).toBe('SIGKILL')
  expect(existsSync(workspace.dir)).toBe(false)
})

test('a port that somebody took in the meantime is not the end, anything else is', async () => {
  const ports: number[] = []
  const port = await onFreePort(candidate => {
    ports.push(candidate)
    if (ports.length < 3) throw new StartError('it ended', 'listen tcp: bind: address already in use')
    return Promise.resolve(candidate)
  })
  expect(ports).toHaveLength(3)
  expect(port).toBe(ports[2])

  const broken = (): Promise<never> => Promise.reject(new StartError('it ended', 'unknown flag'))
  await expect(onFreePort(broken)).rejects.toThrow('it ended; its log ends:\nunknown flag')
})
