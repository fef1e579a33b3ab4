// Writing a set of files below a folder — shell
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { PlacedFile } from '../machine/placed-file.ts'

export async function writeFiles(root: string, files: readonly PlacedFile[]): Promise<void> {
  for (const { path, content, mode } of files) {
    const target = join(root, path)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, content, { mode: mode ?? 0o644 })
  }
}
