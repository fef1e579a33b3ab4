// Files that machines and pods fetch over HTTP — shell
import { mkdir, stat, symlink } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { TestEnv } from '../../testenv/test-env.ts'
import { startComponent, untilReady } from '../../testenv/workspace/component.ts'

export interface FileServerOptions {
  readonly env: TestEnv
  /** The router's address in the lab. */
  readonly address: string
  /** Path of a static busybox. */
  readonly busybox: string
}

const port = 8080

/** Starts with the first file; ends with the environment. Each call of the result gives the URL of one file or folder. */
export function createFileServer({ env, address, busybox }: FileServerOptions): (path: string) => Promise<string> {
  const folder = join(env.dir, 'served')
  const origin = `http://${address}:${port}`
  let served = 0
  const start = async (): Promise<void> => {
    await mkdir(folder)
    const args = ['httpd', '-f', '-p', `${address}:${port}`, '-h', folder]
    const component = startComponent(env.workspace, { name: 'file-server', path: busybox, args })
    await untilReady(component, () =>
      fetch(origin).then(
        () => true,
        () => false,
      ),
    )
  }
  let starting: Promise<void> | undefined
  return async path => {
    const target = resolve(path)
    await stat(target) // a wrong path is told here, not in a machine's log
    starting ??= start()
    await starting
    served += 1
    await mkdir(join(folder, `${served}`))
    await symlink(target, join(folder, `${served}`, basename(target)))
    return `${origin}/${served}/${encodeURIComponent(basename(target))}`
  }
}
