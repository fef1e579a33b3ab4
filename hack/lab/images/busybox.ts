// The one image that the lab itself brings: it holds the namespaces of pods, and small test workloads run in it — shell
import { join } from 'node:path'
import type { Progress } from '../../tools/progress.ts'
import { run } from '../host/command.ts'
import { keep } from '../host/kept.ts'
import { machineRecipe, recipeKey } from '../machine-root/recipe.ts'
import { writeImage } from './docker-archive.ts'
import type { TarEntry } from './tar.ts'

/** Every hosting node has it. All applets of busybox are in /bin; without a command it waits to be stopped. */
export const busyboxImage = 'localhost/lab-busybox:1'

/** Path of the image's archive, made of the machine root's static busybox. */
export async function busyboxArchive(cache: string, root: string, progress: Progress): Promise<string> {
  const make = async (draft: string): Promise<void> => {
    const busybox = join(root, 'bin/busybox')
    const applets = (await run([busybox, '--list'])).split('\n').filter(name => name !== '' && name !== 'busybox')
    const entries: TarEntry[] = [
      ...['bin', 'etc', 'run', 'var'].map((path): TarEntry => ({ path, mode: 0o755, kind: 'folder' })),
      { path: 'tmp', mode: 0o1777, kind: 'folder' },
      { path: 'bin/busybox', mode: 0o755, kind: 'file', source: busybox },
      ...applets.map((name): TarEntry => ({ path: `bin/${name}`, mode: 0o777, kind: 'link', target: 'busybox' })),
    ]
    // As process 1 it gets only the signals it asks for; `wait` reaps what the pod's other containers leave to it.
    const Entrypoint = ['/bin/sh', '-c', 'trap "exit 0" TERM; sleep 2147483647 & wait']
    await writeImage({ reference: busyboxImage, entries, config: { Env: ['PATH=/bin'], Entrypoint } }, draft)
  }
  const path = join(cache, 'images', `busybox-${recipeKey(machineRecipe)}.tar`)
  return keep({ path, title: 'Packing the busybox image', make }, progress)
}
