// A workload cluster as its user sees it: through the kubeconfig Secret, from outside of the management cluster — shell
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { namesOf, type ObjectKey } from '@k0smotron-ts/api'
import { type Connection, clientOf, type Kubectl, kubectlWith } from '@k0smotron-ts/hack/testenv'
import { type Client, secrets } from '@k0smotron-ts/runtime'
import { load } from 'js-yaml'

export interface Workload extends AsyncDisposable {
  /** As the Secret says. */
  readonly connection: Connection
  readonly client: Client
  readonly kubectl: Kubectl
  /** Path of the kubeconfig, as the Secret has it. */
  readonly kubeconfig: string
}

interface Kubeconfig {
  readonly clusters: readonly [
    { readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } },
  ]
  readonly users: readonly [
    { readonly user: { readonly 'client-certificate-data': string; readonly 'client-key-data': string } },
  ]
}

/** Connects as the Secret says; `undefined` while there is none. */
export async function openWorkload(
  management: Client,
  { namespace = '', name }: ObjectKey,
  folder: string,
): Promise<Workload | undefined> {
  const secret = await management.get(secrets, { namespace, name: namesOf(name).kubeconfig })
  const value = secret?.data?.value
  if (value === undefined) return undefined
  const kubeconfig = join(folder, `${namespace}-${name}.kubeconfig`)
  await writeFile(kubeconfig, Buffer.from(value, 'base64'), { mode: 0o600 })
  const connection = connectionIn(decoded(value))
  const client = clientOf(connection)
  return {
    connection,
    client,
    kubeconfig,
    kubectl: await kubectlWith(kubeconfig),
    [Symbol.asyncDispose]: () => client.close(),
  }
}

function connectionIn(text: string): Connection {
  const { clusters, users } = load(text) as Kubeconfig
  const { server, 'certificate-authority-data': ca } = clusters[0].cluster
  const { 'client-certificate-data': cert, 'client-key-data': key } = users[0].user
  return { server, ca: decoded(ca), identity: { certificate: { cert: decoded(cert), key: decoded(key) } } }
}

const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString()

/** Resolves when the API server answers there; it cannot be watched, so it is asked. */
export async function untilAnswers({ client }: Workload, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    const answer = await client.probe('/readyz', { timeoutMs: 2_000 }).catch(() => undefined)
    if (answer?.status === 200) return
    await delay(20)
  }
}
