// kubectl as a person runs it, in tests and in the demo — shell
import { dirname, join } from 'node:path'
import { execFile } from '../../programs/start.ts'
import { binaries } from '../../tools/binaries.ts'

export type Kubectl = (args: readonly string[], input?: string) => Promise<string>

/** Runs kubectl with this kubeconfig: gives what it prints, throws what it complains. */
export async function kubectlWith(kubeconfig: string): Promise<Kubectl> {
  const { kubectl: path } = await binaries(['kubectl'])
  // What it remembers of a server is worthless for the next one at that address.
  const settings = [`--kubeconfig=${kubeconfig}`, `--cache-dir=${join(dirname(kubeconfig), 'kubectl-cache')}`]
  return (args, input = '') =>
    new Promise((resolve, reject) => {
      const child = execFile(path, [...settings, ...args], { maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
        if (error) reject(new Error(`kubectl ${args.join(' ')}: ${stderr}${stdout}`, { cause: error }))
        else resolve(stdout.trim())
      })
      child.stdin?.end(input)
    })
}

/** Server-side apply of these objects. */
export const apply = (run: Kubectl, ...objects: readonly object[]): Promise<string> =>
  run(['apply', '--server-side', '-f', '-'], objects.map(object => JSON.stringify(object)).join('\n---\n'))

/** One command. */
export async function kubectl(kubeconfig: string, args: readonly string[]): Promise<string> {
  return (await kubectlWith(kubeconfig))(args)
}
