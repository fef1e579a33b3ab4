// etcd and kube-apiserver of the management cluster, and the components beside them — shell
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from '@k0smotron-ts/runtime'
import { createAuthority, createSigningKey, issue, type KeyPair, type Subject } from '../access/certificates.ts'
import { clientOf, isAnswered } from '../access/client.ts'
import { type Connection, printKubeconfig } from '../access/connection.ts'
import { ownUserAgent } from '../audit/audit-log.ts'
import { type Component, startComponent, untilReady } from '../workspace/component.ts'
import { onFreePort } from '../workspace/ports.ts'
import type { Site } from '../workspace/site.ts'
import type { Workspace } from '../workspace/workspace.ts'
import * as commandLine from './arguments.ts'

/** A running API server and the authority that its clients' certificates come from. */
export interface ControlPlane {
  readonly server: string
  readonly authority: KeyPair
  readonly paths: commandLine.Paths
  readonly admin: Connection
  /** As admin; its requests are left out of what the audit log is asked for. */
  readonly client: Client
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
  const addresses = [...serverNames, site.address, site.apiService]
  await writeFiles(paths, { authority, tokens: await createSigningKey(), addresses })
  startComponent(workspace, { name: 'etcd', path: programs.etcd, args: commandLine.etcdArguments(paths) })
  const start = async (port: number): Promise<ControlPlane> => {
    const args = commandLine.apiServerArguments(paths, { site, port, audit })
    const component = startComponent(workspace, { name: 'kube-apiserver', path: programs['kube-apiserver'], args })
    const controlPlane = { server: `https://${site.address}:${port}`, authority, paths }
    const admin = await connectAs(controlPlane, { commonName: 'admin', organizations: ['system:masters'] })
    const client = clientOf(admin, ownUserAgent)
    try {
      await untilServing(component, client)
    } catch (error) {
      await client.close()
      throw error
    }
    return { ...controlPlane, admin, client }
  }
  return site.port === undefined ? onFreePort(start) : start(site.port)
}

export function untilServing(apiServer: Component, client: Client): Promise<void> {
  return untilReady(apiServer, () => isAnswered(client, '/readyz'))
}

/** What an API server is made from. */
interface Keys {
  readonly authority: KeyPair
  readonly tokens: KeyPair
  readonly addresses: readonly string[]
}

export async function writeFiles(paths: commandLine.Paths, { authority, tokens, addresses }: Keys): Promise<void> {
  const [server, kubeletClient] = await Promise.all([
    issue(authority, { commonName: 'kube-apiserver', addresses }),
    issue(authority, { commonName: 'apiserver-kubelet-client', organizations: ['system:masters'] }),
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
