// A lab whose process is killed hard: nothing survives it, and the next one starts — shell
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { labUnavailable, startLab } from '@k0smotron-ts/hack/lab'
import { describe, expect, test } from 'vitest'
import { traces } from './support/traces.ts'

const unavailable = labUnavailable()
const name = 'killed'
const marks = [`k0smotron-ts/${name}`]

/** When to kill it. */
const moments: readonly [string, (holder: ChildProcess) => Promise<unknown>][] = [
  [
    'while its node boots',
    () =>
      expect.poll(() => traces(marks), { timeout: 60_000 }).toContainEqual(expect.stringContaining(`${name}/node-1`)),
  ],
  ['while a machine runs in it', holder => once(holder, 'message')],
]

describe.skipIf(unavailable)(unavailable ?? 'a lab whose process is killed', () => {
  test.for(moments)('%s: everything goes within seconds, and the next one starts', async ([, moment]) => {
    const before = await traces(marks)
    const holder = fork(join(import.meta.dirname, 'support/hold-lab.ts'), [name])
    await moment(holder)
    holder.kill('SIGKILL')
    await expect.poll(() => traces(marks), { timeout: 20_000, interval: 200 }).toEqual(before)
    await using lab = await startLab({ name, clusterApi: false })
    expect(lab.nodes).toHaveLength(1)
  })
})
