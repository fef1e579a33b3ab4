// Writing files, a set of them or one as a whole — shell
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { PlacedFile } from '../machine/placed-file.ts'

export async function writeFiles(root: string, files: readonly PlacedFile[]): Promise<void> {
  for (const { path, content, mode } of files) {
    const target = join(root, path)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, content, { mode: mode ?? 0o644 })
  }
}

/** Readers find the old text or the new one, and so does whoever comes after we were killed. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.draft`
  await writeFile(draft, text)
  await rename(draft, path)
}
