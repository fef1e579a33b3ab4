// etcd and kube-apiserver of the management cluster, and the components beside them — shell
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as commandLine from './arguments.ts'
import { ownUserAgent } from './audit-log.ts'
import { createAuthority, createSigningKey, issue, type KeyPair, type Subject } from './certificates.ts'
import { startComponent, untilReady } from './component.ts'
import { type Connection, printKubeconfig } from './connection.ts'
import { onFreePort } from './ports.ts'
import { openRequests, type Requests } from './requests.ts'
import type { Site } from './site.ts'
import type { Workspace } from './workspace.ts'

/** A running API server and the authority that its clients' certificates come from. */
export interface ControlPlane {
  readonly server: string
  readonly authority: KeyPair
  readonly paths: commandLine.Paths
  readonly admin: Connection
  /** Requests as admin. */
  readonly requests: Requests
}

export interface Programs {
  readonly etcd: string
  readonly 'kube-apiserver': string
}

const serverNames = ['localhost', '127.0.0.1', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc']

export interface ControlPlaneOptions {
  readonly site: Site
  readonly audit: boolean
}

/** Starts both at the same time; resolves when the API server says that it is ready. */
export async function startControlPlane(
  workspace: Workspace,
  programs: Programs,
  { site, audit }: ControlPlaneOptions,
): Promise<ControlPlane> {
  const paths = commandLine.pathsIn(workspace.dir)
  const authority = await createAuthority('kubernetes-ca')
  await writeFiles(paths, authority, [...serverNames, site.address, site.apiService])
  startComponent(workspace, { name: 'etcd', path: programs.etcd, args: commandLine.etcdArguments(paths) })
  const start = async (port: number): Promise<ControlPlane> => {
    const args = commandLine.apiServerArguments(paths, { site, port, audit })
    const component = startComponent(workspace, { name: 'kube-apiserver', path: programs['kube-apiserver'], args })
    const controlPlane = { server: `https://${site.address}:${port}`, authority, paths }
    const admin = await connectAs(controlPlane, { commonName: 'admin', organizations: ['system:masters'] })
    const requests = openRequests(admin, ownUserAgent)
    try {
      await untilReady(component, async () => (await requests.status('/readyz')) === 200)
    } catch (error) {
      await requests.close()
      throw error
    }
    return { ...controlPlane, admin, requests }
  }
  return site.port === undefined ? onFreePort(start) : start(site.port)
}

async function writeFiles(paths: commandLine.Paths, authority: KeyPair, addresses: readonly string[]): Promise<void> {
  const [server, kubeletClient, tokens] = await Promise.all([
    issue(authority, { commonName: 'kube-apiserver', addresses }),
    issue(authority, { commonName: 'apiserver-kubelet-client', organizations: ['system:masters'] }),
    createSigningKey(),
  ])
  await Promise.all(
    [
      [paths.ca, authority.cert],
      [paths.caKey, authority.key],
      [paths.serverCertificate, server.cert],
      [paths.serverKey, server.key],
      [paths.kubeletClientCertificate, kubeletClient.cert],
      [paths.kubeletClientKey, kubeletClient.key],
      [paths.tokenPublicKey, tokens.cert],
      [paths.tokenKey, tokens.key],
      [paths.auditPolicy, JSON.stringify(commandLine.auditPolicy)],
    ].map(([path = '', content = '']) => writeFile(path, content, { mode: 0o600 })),
  )
}

/** A connection whose client certificate names this subject. */
export async function connectAs(
  { server, authority }: Pick<ControlPlane, 'server' | 'authority'>,
  subject: Subject,
): Promise<Connection> {
  return { server, ca: authority.cert, identity: { certificate: await issue(authority, subject) } }
}

/** Writes a kubeconfig into the workspace and gives its path. */
export async function writeKubeconfig({ dir }: Workspace, name: string, connection: Connection): Promise<string> {
  const path = join(dir, `${name}.kubeconfig`)
  await writeFile(path, printKubeconfig(connection), { mode: 0o600 })
  return path
}
