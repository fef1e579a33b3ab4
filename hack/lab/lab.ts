// A lab: the embedded management cluster with real nodes, and machines beside it, in a network of its own — shell
import { createReadStream } from 'node:fs'
import { dirname, join } from 'node:path'
import { startTestEnv, type TestEnv } from '../testenv/test-env.ts'
import type { Site } from '../testenv/workspace/site.ts'
import { binaries } from '../tools/binaries.ts'
import { cacheFolder } from '../tools/locate.ts'
import { type Progress, terminalProgress } from '../tools/progress.ts'
import { startDns } from './dns/dns.ts'
import type { Argv } from './host/command.ts'
import { createNetwork, enterNamespace } from './host/network.ts'
import { prepareHost } from './host/requirements.ts'
import { busyboxArchive } from './images/busybox.ts'
import { imageStore } from './images/store.ts'
import { diskFolder, type Hardware, machineFolder } from './machine/machine.ts'
import { createMachines, type Machines } from './machine/machines.ts'
import { machineRoot } from './machine-root/build.ts'
import { databaseRecipe } from './machine-root/recipe.ts'
import { bootNode, importIntoNode, joinNode, type NodeParts, untilNodesReady } from './node/node.ts'
import { type LabNetwork, type LabPlan, maxNodes } from './plan.ts'
import { createFileServer } from './serve/file-server.ts'
import { startKeeper } from './state/keeper.ts'
import { claimLab, releaseLab } from './state/registry.ts'
import { startProvisioner } from './volumes/provisioner.ts'

export interface LabOptions {
  /** Hosting nodes, 1 to 3; one unless given. */
  readonly nodes?: number
  /** Labs of different names run side by side. */
  readonly name?: string
  /** Archives of images that every hosting node has from the start; much quicker than `importImage`. */
  readonly images?: readonly string[]
  /** Cluster API core beside the management cluster; yes unless given. */
  readonly clusterApi?: boolean
  readonly progress?: Progress
}

/** A machine that runs pods of the management cluster. */
export type HostingNode = Pick<Hardware, 'name' | 'address' | 'exec' | 'journal' | 'kill' | 'shutDown' | 'powerOn'>

export interface Lab extends AsyncDisposable {
  readonly name: string
  /** What the lab writes to disk; gone after `stop`. */
  readonly directory: string
  /** The management cluster. Its API server, Services, pods and all machines are reachable from this process. */
  readonly env: TestEnv
  readonly network: LabNetwork
  readonly nodes: readonly HostingNode[]
  readonly machines: Machines
  /** Gives every hosting node the image of this archive. */
  importImage(archive: string): Promise<void>
  /** The URL at which machines and pods find this file, or the content of this folder. */
  serve(path: string): Promise<string>
  /** The command line that runs a program in the lab's own network, where it listens for machines and pods. */
  inNamespace(argv: Argv): Argv
  /** Removes everything; resolves when nothing is left. */
  stop(): Promise<void>
}

/**
 * Starts a lab; resolves when its nodes are Ready. Throws LabUnavailable where there can be none. When this process ends
 * in whatever way, the lab is removed within seconds.
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const { nodes: count = 1, name = 'lab', progress = terminalProgress() } = options
  if (!Number.isInteger(count) || count < 1 || count > maxNodes)
    throw new Error(`A lab has 1 to ${maxNodes} hosting nodes, not ${count}`)
  await prepareHost(progress)
  const parts = await prepareParts(options.images ?? [], progress)
  await using started = new AsyncDisposableStack()
  const keeper = startKeeper()
  started.defer(() => keeper.dismiss())
  const plan = await claimLab(name, join(labCache(), 'run'))
  started.defer(() => releaseLab(plan))
  const lab = await assemble({ plan, parts, count, clusterApi: options.clusterApi ?? true }, started)
  const running = started.move()
  const stop = (): Promise<void> => running.disposeAsync()
  return { ...lab, stop, [Symbol.asyncDispose]: stop }
}

/** A static busybox, for images of one's own, and the archive of the lab's image; there before there is a lab. */
export async function labBusybox(
  progress: Progress = terminalProgress(),
): Promise<{ readonly program: string; readonly archive: string }> {
  await prepareHost(progress)
  const root = await machineRoot(labCache(), progress)
  return { program: join(root, 'bin/busybox'), archive: await busyboxArchive(labCache(), root, progress) }
}

/** A root for machines that have PostgreSQL and MariaDB; there before there is a lab. */
export async function databaseRoot(progress: Progress = terminalProgress()): Promise<string> {
  await prepareHost(progress)
  return machineRoot(labCache(), progress, databaseRecipe)
}

const labCache = (): string => join(dirname(cacheFolder()), 'lab')

interface LabParts extends NodeParts {
  readonly coredns: string
}

/** Everything that is made once and kept: programs, machine root, images. */
async function prepareParts(images: readonly string[], progress: Progress): Promise<LabParts> {
  const { coredns, kubelet, 'kube-proxy': kubeProxy } = await binaries(programs, progress)
  const cache = labCache()
  const root = await machineRoot(cache, progress)
  const archives = [await busyboxArchive(cache, root, progress), ...images]
  const store = await imageStore({ cache, root, archives }, progress)
  return { root, store, programs: { kubelet, 'kube-proxy': kubeProxy }, coredns }
}

// Those of the management cluster as well, so that a person sees one list of what is built.
const programs = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
  'kubelet',
  'kube-proxy',
  'cluster-api-manager',
  'cluster-api-components.yaml',
  'coredns',
] as const

interface Assembly {
  readonly plan: LabPlan
  readonly parts: LabParts
  readonly count: number
  readonly clusterApi: boolean
}

/** Whatever is started is put on `started`, last first to end. */
async function assemble(
  { plan, parts, count, clusterApi }: Assembly,
  started: AsyncDisposableStack,
): Promise<Omit<Lab, 'stop' | typeof Symbol.asyncDispose>> {
  const { network, namespace, name, directory } = plan
  await createNetwork(plan)
  // The nodes boot while the API server starts.
  const booting = Promise.all(Array.from({ length: count }, (_, index) => bootNode(plan, index + 1, parts)))
  started.defer(() => settled(booting))
  const env = started.use(await startTestEnv({ ...components, clusterApi, site: siteOf(plan) }))
  const nodes = await booting
  await Promise.all([startDns(env, network, parts.coredns), ...nodes.map(node => joinNode(node, env))])
  const folderOf = (node: string): string => diskFolder(machineFolder(plan, node), 'lab-volumes')
  const provisioner = await startProvisioner(env, folderOf)
  started.defer(() => provisioner.stop())
  await untilNodesReady(nodes, env)
  return {
    name,
    directory,
    env,
    network,
    nodes,
    machines: createMachines(plan, parts.root),
    async importImage(archive) {
      await Promise.all(nodes.map(node => importIntoNode(node, createReadStream(archive))))
    },
    serve: createFileServer({ env, address: network.gateway, busybox: join(parts.root, 'bin/busybox') }),
    inNamespace: argv => [...enterNamespace(namespace), ...argv],
  }
}

const components = { controllerManager: true, scheduler: true, audit: true } as const

const siteOf = ({ namespace, network }: LabPlan): Site => ({
  enter: enterNamespace(namespace),
  address: network.gateway,
  port: 6443,
  serviceCidr: network.serviceCidr,
  apiService: network.apiService,
})

const settled = (work: Promise<unknown>): Promise<void> =>
  work.then(
    () => undefined,
    () => undefined,
  )
