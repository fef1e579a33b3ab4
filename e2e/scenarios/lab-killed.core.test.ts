// A lab whose process is killed hard: nothing survives it, and the next one starts — shell
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { labUnavailable, startLab } from '@k0smotron-ts/hack/lab'
import { describe, expect, test } from 'vitest'
import { traces } from './support/traces.ts'

const unavailable = labUnavailable()
const name = 'killed'
const marks = [`k0smotron-ts/${name}`]

const holdLab = (): ChildProcess => fork(join(import.meta.dirname, 'support/hold-lab.ts'), [name])
const machineRuns = (holder: ChildProcess): Promise<unknown> => once(holder, 'message')
const nodeBoots = (): Promise<unknown> =>
  expect.poll(() => traces(marks), { timeout: 60_000 }).toContainEqual(expect.stringContaining(`${name}/node-1`))

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
    const before = await traces(marks)
    const holder = holdLab()
    await moment(holder)
    holder.kill('SIGKILL')
    await expect.poll(() => traces(marks), { timeout: 20_000, interval: 200 }).toEqual(before)
    await using lab = await startLab({ name, clusterApi: false })
    expect(lab.nodes).toHaveLength(1)
  })

  test('together with its keeper is removed by the next start', async () => {
    const before = await traces(marks)
    const holder = holdLab()
    await machineRuns(holder)
    process.kill(await keeperOf(holder), 'SIGKILL')
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    const lab = await startLab({ name, clusterApi: false })
    await lab.stop()
    expect(await traces(marks)).toEqual(before)
  })
})
