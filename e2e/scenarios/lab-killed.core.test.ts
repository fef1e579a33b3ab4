// A lab whose process is killed hard: nothing survives it, and the next one starts — shell
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { labUnavailable, startLab } from '@k0smotron-ts/hack/lab'
import { type ChildProcess, fork } from '@k0smotron-ts/hack/programs'
import { describe, expect, test } from 'vitest'
import { ownLab } from './support/own-lab.ts'
import { left, type Traces, tracesOf } from './support/traces.ts'

const unavailable = labUnavailable()
const name = ownLab('killed')

const holdLab = (): ChildProcess => fork(join(import.meta.dirname, 'support/hold-lab.ts'), [name])
const machineRuns = (holder: ChildProcess): Promise<unknown> => once(holder, 'message')
const nodeBoots = (holder: ChildProcess): Promise<unknown> =>
  expect.poll(async () => (await seenOf(holder)).own).toContainEqual(expect.stringContaining(`${name}/node-1`))

/** Of the process that has the lab, and of this one, which starts the next. */
const seenOf = (holder?: ChildProcess): Promise<Traces> =>
  tracesOf({ name, pids: [process.pid, ...(holder?.pid === undefined ? [] : [holder.pid])] })

/** The child that removes the lab when its parent is gone. */
async function keeperOf({ pid }: ChildProcess): Promise<number> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter(Boolean)
  for (const child of children)
    if ((await readFile(`/proc/${child}/cmdline`, 'utf8')).includes('sweep.ts')) return Number(child)
  throw new Error('There is no keeper')
}

describe.skipIf(unavailable)(unavailable ?? 'a lab whose process is killed', () => {
  test.for([
    ['while its node boots', nodeBoots],
    ['while a machine runs in it', machineRuns],
  ] as const)('%s goes within seconds, and the next one starts', async ([, moment]) => {
    const before = await seenOf()
    const holder = holdLab()
    await moment(holder)
    holder.kill('SIGKILL')
    const remains = async (): Promise<readonly string[]> => left(before, await seenOf(holder))
    await expect.poll(remains, { interval: 200 }).toEqual([])
    await using lab = await startLab({ name, clusterApi: false })
    expect(lab.nodes).toHaveLength(1)
  })

  test('together with its keeper is removed by the next start', async () => {
    const before = await seenOf()
    const holder = holdLab()
    await machineRuns(holder)
    expect((await seenOf(holder)).own).toContainEqual(expect.stringContaining('kube-apiserver '))
    process.kill(await keeperOf(holder), 'SIGKILL')
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    const lab = await startLab({ name, clusterApi: false })
    await lab.stop()
    expect(left(before, await seenOf(holder))).toEqual([])
  })
})
