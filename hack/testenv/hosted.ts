// A hosted control plane without pods: what its pods would run, as child processes — shell
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { binaries } from '../tools/binaries.ts'
import { ownUserAgent } from './audit-log.ts'
import { issue } from './certificates.ts'
import { type Component, startComponent, untilReady } from './component.ts'
import type { Connection } from './connection.ts'
import { writeKubeconfig } from './control-plane.ts'
import { type HostedKey, type Material, readMaterial, writeMaterial } from './hosted-material.ts'
import { hostedArguments, listenAddress } from './hosted-plan.ts'
import { startStorage } from './hosted-storage.ts'
import { isStopped } from './process-state.ts'
import { openRequests } from './requests.ts'
import type { TestEnv } from './test-env.ts'
import type { Workspace } from './workspace.ts'

export interface HostedOptions extends HostedKey {
  readonly env: TestEnv
}

/** A running hosted control plane; it ends with its environment at the latest. What it stored outlives `stop`. */
export interface HostedControlPlane extends AsyncDisposable {
  /** As a member of system:masters, with a certificate from the cluster's authority. */
  readonly connection: Connection
  /** Path of a kubeconfig with this connection. */
  readonly kubeconfig: string
  /** Where the etcd member answers its clients; absent with another storage. */
  readonly etcd?: string
  /** The API server stops answering, without closing anything; resolves when it did. */
  pause(): Promise<void>
  resume(): void
  stop(): Promise<void>
}

/**
 * Starts etcd (or kine) and kube-apiserver from the Secrets and the configuration that our controller made, on the
 * address that it publishes, with k0s's defaults. Resolves when the API server is ready.
 */
export async function startHostedControlPlane({ env, ...key }: HostedOptions): Promise<HostedControlPlane> {
  const name = `hosted-${key.namespace}-${key.cluster}`
  const dir = join(env.dir, name)
  const material = await readManagement(env, key)
  await writeMaterial(dir, material)
  await using started = new AsyncDisposableStack()
  const storage = await startStorage(env.workspace, { name, dir, material, cluster: key.cluster })
  started.defer(() => storage.component.child.kill())
  const apiServer = await startApiServer(env.workspace, { name, dir, material, etcdServers: storage.servers })
  started.defer(() => apiServer.child.kill())
  const connection = await connectAsAdmin(material)
  await untilServing(apiServer, connection)
  const kubeconfig = await writeKubeconfig(env.workspace, name, connection)
  const running = started.move()
  const stop = (): Promise<void> => running.disposeAsync()
  return {
    connection,
    kubeconfig,
    ...(material.etcd && { etcd: storage.servers }),
    async pause() {
      signal(apiServer, 'SIGSTOP')
      while (!isStopped(apiServer.child.process.pid ?? 0)) await delay(5)
    },
    resume: () => signal(apiServer, 'SIGCONT'),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

async function readManagement({ connection }: TestEnv, key: HostedKey): Promise<Material> {
  await using requests = openRequests(connection, ownUserAgent)
  return await readMaterial(requests, key) // awaited here: the requests end with this function
}

async function connectAsAdmin({ ca, files }: Material): Promise<Connection> {
  const { host, port } = listenAddress(files.config)
  const certificate = await issue(ca, { commonName: 'kubernetes-admin', organizations: ['system:masters'] })
  return { server: `https://${host}:${port}`, ca: ca.cert, identity: { certificate } }
}

interface ApiServerOrder {
  readonly name: string
  readonly dir: string
  readonly material: Material
  readonly etcdServers: string
}

async function startApiServer(
  workspace: Workspace,
  { name, dir, material, etcdServers }: ApiServerOrder,
): Promise<Component> {
  const { 'kube-apiserver': path } = await binaries(['kube-apiserver'])
  const args = hostedArguments(material.files, { dir, etcdServers, hasEtcdCertificates: material.etcd !== undefined })
  return startComponent(workspace, { name: `${name}-kube-apiserver`, path, args })
}

async function untilServing(apiServer: Component, connection: Connection): Promise<void> {
  await using requests = openRequests(connection, ownUserAgent)
  await untilReady(apiServer, async () => (await requests.status('/readyz')) === 200)
}

function signal({ name, child }: Component, what: 'SIGSTOP' | 'SIGCONT'): void {
  if (!child.process.kill(what)) throw new Error(`${name} does not run any more`)
}
