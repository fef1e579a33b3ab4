// A file that is replaced — shell
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeWhole } from './files.ts'

test('a reader of the old text is not disturbed, and the next one reads the new text', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'k0smotron-ts-files-'))
  try {
    const path = join(folder, 'record')
    await writeFile(path, 'old')
    await using reader = await open(path)
    await writeWhole(path, 'new')
    expect(await reader.readFile('utf8')).toBe('old')
    expect(await readFile(path, 'utf8')).toBe('new')
  } finally {
    await rm(folder, { recursive: true })
  }
})
