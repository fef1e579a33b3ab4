// kubectl in tests — shell
import { dirname, join } from 'node:path'
import { execFile } from '../../programs/start.ts'
import { binaries } from '../../tools/binaries.ts'

/** What kubectl prints with this kubeconfig; throws what it complains. */
export async function kubectl(kubeconfig: string, args: readonly string[], input = ''): Promise<string> {
  const { kubectl: path } = await binaries(['kubectl'])
  // What it remembers of a server is worthless for the next one on that port.
  const settings = [`--kubeconfig=${kubeconfig}`, `--cache-dir=${join(dirname(kubeconfig), 'kubectl-cache')}`]
  return new Promise((resolve, reject) => {
    const child = execFile(path, [...settings, ...args], (error, stdout, stderr) => {
      if (error) reject(new Error(stderr.trim(), { cause: error }))
      else resolve(stdout.trim())
    })
    child.stdin?.end(input)
  })
}

/** Server-side apply of one object. */
export function apply(kubeconfig: string, object: object): Promise<string> {
  return kubectl(kubeconfig, ['apply', '--server-side', '-f', '-'], JSON.stringify(object))
}
