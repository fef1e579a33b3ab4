// The embedded management cluster — shell
import { randomInt } from 'node:crypto'
import { binaries } from '../tools/binaries.ts'
import type { Connection } from './access/connection.ts'
import { connectWith, type Identity } from './access/identity.ts'
import { type AuditLog, openAuditLog } from './audit/audit-log.ts'
import { type ControlPlane, startControlPlane, writeKubeconfig } from './parts/control-plane.ts'
import { addKwokNode } from './parts/kwok.ts'
import { type PartName, parts } from './parts/parts.ts'
import { loopback, type Site } from './workspace/site.ts'
import { createWorkspace, type Workspace } from './workspace/workspace.ts'

/** What runs beside etcd and kube-apiserver. */
export interface TestEnvOptions {
  readonly controllerManager?: boolean
  readonly scheduler?: boolean
  /** Nodes that `addNode` makes; brings the controller manager and the scheduler, without which no pod gets there. */
  readonly kwok?: boolean
  /** Cluster API core; brings the controller manager, which puts the permissions of providers into core's role. */
  readonly clusterApi?: boolean
  /** Keeps the audit log. */
  readonly audit?: boolean
  /** This machine's loopback unless given. */
  readonly site?: Site
}

/** A running management cluster; everything is gone after `stop`, and when this process ends in whatever way. */
export interface TestEnv extends AsyncDisposable {
  /** Holds the state and, as `<program>.log`, what the programs print. */
  readonly dir: string
  /** Programs that are started in it end with the environment. */
  readonly workspace: Workspace
  /** As admin. */
  readonly connection: Connection
  /** Path of the admin's kubeconfig. */
  readonly kubeconfig: string
  /** Where to publish hosted control planes: an address of its own, so that two environments may give out the same NodePort. */
  readonly publishedAddress: string
  connectionFor(identity: Identity): Promise<Connection>
  /** Path of a new kubeconfig. */
  kubeconfigFor(identity: Identity): Promise<string>
  /** Throws unless the environment was started with `audit`. */
  readonly auditLog: AuditLog
  /** A node that kwok plays. */
  addNode(name: string): Promise<void>
  stop(): Promise<void>
}

/** Starts a management cluster; resolves when everything asked for works. */
export async function startTestEnv(options: TestEnvOptions = {}): Promise<TestEnv> {
  const names = partsOf(options)
  // All at once, so that a person sees one list of what is built.
  const files = await binaries(['etcd', 'kube-apiserver', ...names.flatMap(name => parts[name].files)])
  const site = options.site ?? loopback
  const workspace = await createWorkspace(site.enter)
  try {
    const audit = options.audit ?? false
    const controlPlane = await startControlPlane(workspace, files, { site, audit })
    await Promise.all(names.map(name => parts[name].start({ workspace, controlPlane, files })))
    const kubeconfig = await writeKubeconfig(workspace, 'admin', controlPlane.admin)
    return testEnvOf(workspace, controlPlane, { kubeconfig, audit })
  } catch (error) {
    await workspace.remove()
    throw error
  }
}

function partsOf({ controllerManager, scheduler, kwok, clusterApi }: TestEnvOptions): readonly PartName[] {
  const wanted: Readonly<Record<PartName, boolean | undefined>> = {
    controllerManager: controllerManager || kwok || clusterApi,
    scheduler: scheduler || kwok,
    kwok,
    clusterApi,
  }
  return (Object.keys(wanted) as PartName[]).filter(name => wanted[name])
}

interface Settings {
  readonly kubeconfig: string
  readonly audit: boolean
}

function testEnvOf(workspace: Workspace, controlPlane: ControlPlane, { kubeconfig, audit }: Settings): TestEnv {
  const { client, paths, admin } = controlPlane
  const auditLog = audit ? openAuditLog(paths.auditLog, client) : undefined
  const { hostname } = new URL(admin.server)
  let kubeconfigs = 0
  const stop = async (): Promise<void> => {
    await client.close()
    await workspace.remove()
  }
  return {
    dir: workspace.dir,
    workspace,
    connection: admin,
    kubeconfig,
    publishedAddress: hostname === loopback.address ? someLoopback() : hostname,
    connectionFor: identity => connectWith(controlPlane, identity),
    async kubeconfigFor(identity) {
      kubeconfigs += 1
      return writeKubeconfig(workspace, `identity-${kubeconfigs}`, await connectWith(controlPlane, identity))
    },
    get auditLog() {
      if (!auditLog) throw new Error('This environment keeps no audit log; start it with { audit: true }')
      return auditLog
    },
    addNode: name => addKwokNode(controlPlane, name),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** On Linux the whole of 127.0.0.0/8 answers, elsewhere only one address of it. */
function someLoopback(): string {
  if (process.platform !== 'linux') return loopback.address
  return `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`
}
