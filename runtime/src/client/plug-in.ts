// Credentials from a kubeconfig's exec plug-in — shell
import { type ExecFileException, execFile } from 'node:child_process'
import type { Clock } from '../clock.ts'
import type { Identity } from './connection.ts'
import { type ExecCredential, parseExecCredential } from './exec-credential.ts'
import { KubeconfigError } from './kubeconfig.ts'
import type { ExecPlugIn } from './kubeconfig-exec.ts'

/** What a plug-in is told when it wants to know the cluster. */
export interface PlugInCluster {
  readonly server: string
  readonly serverName?: string
  readonly ca?: string
}

/** Longer than a login service takes, shorter than what waits behind it may hang. */
const limitMs = 30_000

/** Reads by running the plug-in: when what it gave last expires, and after a refusal. */
export function plugInReader(
  plugIn: ExecPlugIn,
  cluster: PlugInCluster,
  clock: Clock,
): (afterRefusal: boolean) => Promise<Identity> {
  let last: ExecCredential | undefined
  return async afterRefusal => {
    const isOver = last?.expiresAt !== undefined && last.expiresAt <= clock.now()
    if (afterRefusal || !last || isOver) last = parseExecCredential(await run(plugIn, cluster, clock), plugIn.field)
    return last.identity
  }
}

/** What it prints. Nobody answers its questions, and it does not outlive its time. */
function run(
  { command, args, env, field, ...plugIn }: ExecPlugIn,
  cluster: PlugInCluster,
  clock: Clock,
): Promise<string> {
  const deadline = new AbortController()
  const cancel = clock.after(limitMs, () => deadline.abort())
  return new Promise((resolve, reject) => {
    const options = {
      env: { ...process.env, ...env, KUBERNETES_EXEC_INFO: JSON.stringify(execInfo(plugIn, cluster)) },
      signal: deadline.signal,
      killSignal: 'SIGKILL',
    } as const
    const child = execFile(command, args, options, (error, output) => {
      cancel()
      if (!error) return resolve(output)
      // Without `cause`: it quotes what the plug-in said, and that may be a token.
      reject(new KubeconfigError(`kubeconfig: ${field}: the credential plug-in failed (${why(error)})`))
    })
    child.stdin?.on('error', () => undefined) // it may not care to read
    child.stdin?.end()
  })
}

function why({ code, signal }: ExecFileException): string {
  if (code === 'ABORT_ERR') return `no answer within ${limitMs / 1000} s`
  return typeof code === 'number' ? `exit code ${code}` : String(code ?? signal)
}

/** The question, as `client.authentication.k8s.io` defines it. */
function execInfo(
  { apiVersion, provideClusterInfo }: Pick<ExecPlugIn, 'apiVersion' | 'provideClusterInfo'>,
  cluster: PlugInCluster,
): object {
  const { server, serverName, ca } = cluster
  const asked = {
    server,
    'tls-server-name': serverName,
    'certificate-authority-data': ca && Buffer.from(ca).toString('base64'),
  }
  return {
    apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(provideClusterInfo && { cluster: asked }) },
  }
}
