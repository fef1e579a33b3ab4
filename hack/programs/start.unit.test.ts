// A program without what its package brings beside it counts as missing — shell
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { missingOf } from './start.ts'

it.each<[string, string | undefined, readonly string[]]>([
  ['a Python with PyYAML', '[ "$*" = "-c import yaml" ]', []],
  ['a Python that another package brought', 'exit 1', ['python3']],
  ['no Python', undefined, ['python3']],
])('%s', async (_, script, missing) => {
  const folder = await mkdtemp(join(tmpdir(), 'programs-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  if (script !== undefined) await writeFile(join(folder, 'python3'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  expect(missingOf(['python3'], { PATH: folder }, folder)).toEqual(missing)
})
