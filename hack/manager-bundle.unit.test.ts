// What a manager's memory owes to how it is bundled — shell
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bundlePath, providerNames, withBundle } from './manager-bundle.ts'
import { execFileSync } from './programs/start.ts'

const tell = "process.on('exit', () => console.log(process.moduleLoadList.join('\\n')))"

const beyondLatin1 = (text: string): string[] => text.split('').filter(one => one > '\u00ff')

test('managers load no fetch of Node, and their text needs one byte for each character', {
  timeout: 60_000,
}, async () => {
  await withBundle('v0.0.1', async bundle => {
    for (const provider of providerNames) {
      const path = bundlePath(provider, bundle)
      const loaded = execFileSync(process.execPath, ['--import', `data:text/javascript,${tell}`, path, '--help'], {
        encoding: 'utf8',
        stdio: 'pipe',
      })
      expect(loaded).toContain('NativeModule http')
      expect(loaded).not.toContain('internal/deps/undici/undici')
      const chunks = [...(await readFile(path, 'utf8')).matchAll(/"\.\.\/(chunk-[^"]+)"/g)].map(([, name = '']) => name)
      expect(chunks).not.toEqual([])
      for (const name of chunks) expect(beyondLatin1(await readFile(join(bundle, name), 'utf8'))).toEqual([])
    }
  })
})
