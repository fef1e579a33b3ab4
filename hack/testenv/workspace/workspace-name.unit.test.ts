// A folder's name says whose it is — core
import { expect, test } from 'vitest'
import { ownerInName, workspacePrefix } from './workspace-name.ts'

test.each([
  { pid: 1, started: '0' },
  { pid: 4_194_304, started: 'Sat Nov 21 12:00:00 2026' },
])('the owner $pid $started is read back from the name', owner => {
  expect(ownerInName(`${workspacePrefix(owner)}aB3xYz`)).toEqual(owner)
})

test.each(['', 'k0smotron-ts-env', 'k0smotron-ts-env.1', 'k0smotron-ts-env.x.MA.abc', 'other.1.MA.abc', '.X11-unix'])(
  'a folder named "%s" is not ours to judge',
  name => {
    expect(ownerInName(name)).toBeUndefined()
  },
)
