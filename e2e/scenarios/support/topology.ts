// A cluster of a release's ClusterClass, made and upgraded as its user does it — shell
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { clusterNameLabel, type KubeObject, namesOf } from '@k0smotron-ts/api'
import { apply } from '@k0smotron-ts/hack/testenv'
import { terminalProgress } from '@k0smotron-ts/hack/tools'
import { loadAll } from 'js-yaml'
import { variablesFor } from '../../harness/clusterctl.ts'
import { prepareK0s } from '../../harness/k0s.ts'
import { changed } from '../../harness/merge-patch.ts'
import type { ReleasedStage } from '../../harness/released.ts'
import { type ClusterKey, patienceMs, untilAnswering, untilJoined } from '../../harness/released-cluster.ts'

export interface TopologyOptions {
  readonly stage: ReleasedStage
  readonly clusterctl: (args: readonly string[], env: Readonly<Record<string, string>>) => Promise<string>
  /** Folder of the release's files. */
  readonly release: string
  /** Its namespace is there. */
  readonly cluster: ClusterKey
  /** What the cluster begins with; the next one is that of the stage. */
  readonly version: string
}

/** The cluster once its only Machine is a Ready node. */
export interface Settled {
  /** Which k0s each part of it is. */
  readonly versions: Readonly<Record<'image' | 'controlPlane' | 'machine' | 'worker', string>>
  readonly machine: string | undefined
  /** That of the Machine, and all that there are. */
  readonly node: string | undefined
  readonly nodes: string
  /** Milliseconds, of whole seconds: as Kubernetes writes times. */
  readonly made: Readonly<Record<'pod' | 'machine', number>>
}

/** What every part is when all of the cluster has the version; a tag of an image has no plus sign. */
export const allOf = (version: string): Settled['versions'] => ({
  image: version.replace('+', '-'),
  controlPlane: version,
  machine: version,
  worker: version,
})

/** What the image of the lab's machines has in /usr/local/bin cannot be written over. */
const installDir = '/opt/k0s'
const changes = { K0sWorkerConfigTemplate: { spec: { template: { spec: { k0sInstallDir: installDir } } } } }

/** Resolves when class and cluster are applied; gives what of it stays when the cluster goes. */
export async function applyTopology(options: TopologyOptions): Promise<readonly string[]> {
  const { stage, clusterctl, release, cluster, version } = options
  const { name, namespace } = cluster
  const variables = {
    ...variablesFor(stage, name, namespace),
    KUBERNETES_VERSION: version,
    K0S_PREINSTALLED: 'false',
    K0S_DOWNLOAD_URL: `${await serveK0s(options)}/{version}`,
  }
  const file = join(release, 'clusterclass-k0smotron.yaml')
  const objects = loadAll(await clusterctl(['generate', 'yaml', `--from=${file}`], variables)) as KubeObject[]
  const applied = await apply(stage.kubectl, ...changed(objects, changes))
  const args = ['generate', 'cluster', name, '--infrastructure=lab', '--flavor=topology']
  const manifests = await clusterctl([...args, `--target-namespace=${namespace}`], variables)
  const made = await stage.kubectl(['apply', '-f', '-'], manifests)
  if (made !== `cluster.cluster.x-k8s.io/${name} created`) throw new Error(`More than a Cluster was made: ${made}`)
  return applied.split('\n').map(line => line.replace(' serverside-applied', ''))
}

/** A mirror that has both versions under their names. Nodes get the image of the first one; they have the next. */
async function serveK0s({ stage, version }: TopologyOptions): Promise<string> {
  const first = await prepareK0s({ kind: 'stand-in', version }, terminalProgress())
  const [archive = ''] = first.archives
  await stage.lab.importImage(archive)
  const mirror = join(stage.folder, 'mirror')
  await mkdir(mirror)
  for (const each of [first, stage.k0s]) await symlink(each.binary, join(mirror, each.version))
  return stage.lab.serve(mirror)
}

/** Resolves when Cluster API says that all of the cluster has the version: the commands of docs/upgrade.md. */
export async function upgradeTopology({ kubectl }: ReleasedStage, cluster: ClusterKey, version: string): Promise<void> {
  const target = [`clusters.cluster.x-k8s.io/${cluster.name}`, `--namespace=${cluster.namespace}`]
  await kubectl(['patch', ...target, '--type=merge', '-p', `{"spec": {"topology": {"version": "${version}"}}}`])
  await kubectl(['wait', '--for=condition=TopologyReconciled', `--timeout=${patienceMs / 1000}s`, ...target])
}

export async function untilSettled(stage: ReleasedStage, cluster: ClusterKey): Promise<Settled> {
  const workload = await untilAnswering(stage, cluster)
  const [joined] = await untilJoined(stage, workload, { cluster, count: 1 })
  const printed = (of: readonly string[], path: string): Promise<string> =>
    stage.kubectl(['get', ...of, `--namespace=${cluster.namespace}`, `--output=jsonpath=${path}`])
  const pod = ['pod', `${namesOf(cluster.name).statefulSet}-0`]
  const controlPlane = ['k0smotroncontrolplanes', `--selector=${clusterNameLabel}=${cluster.name}`]
  const { name = '', uid } = joined?.metadata ?? {}
  const machine = ['machines.cluster.x-k8s.io', name]
  const said = await stage.lab.machines.get(name)?.exec([`${installDir}/k0s`, 'version'])
  return {
    versions: {
      image: (await printed(pod, '{.spec.containers[?(@.name=="controller")].image}')).split(':').at(-1) ?? '',
      controlPlane: await printed(controlPlane, '{.items[*].status.version}'),
      machine: await printed(machine, '{.spec.version}'),
      worker: said?.trim() ?? '',
    },
    machine: uid,
    node: joined?.status?.nodeRef?.name,
    nodes: await workload.kubectl(['get', 'nodes', '--output=jsonpath={.items[*].metadata.name}']),
    made: {
      pod: Date.parse(await printed(pod, '{.metadata.creationTimestamp}')),
      machine: Date.parse(await printed(machine, '{.metadata.creationTimestamp}')),
    },
  }
}
