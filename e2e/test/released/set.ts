// What clusters of a release consist of, as files: each object as the API server had stored it — shell
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  apiVersionOf,
  clusters,
  joinTokenRequest,
  type KubeObject,
  k0smotronCluster,
  k0smotronControlPlane,
  k0sWorkerConfig,
  k0sWorkerConfigTemplate,
  machines,
  type ResourceType,
} from '@k0smotron-ts/api'
import type { Stored } from '@k0smotron-ts/hack/testenv'
import {
  type Client,
  configMaps,
  controllerRevisions,
  networkPolicies,
  nodes,
  persistentVolumeClaims,
  podDisruptionBudgets,
  pods,
  secrets,
  services,
  statefulSets,
} from '@k0smotron-ts/runtime'
import { dump, loadAll } from 'js-yaml'
import { machineDeployments, machinePoolType, machineSets } from '../../harness/objects.ts'
import { labKinds } from '../../lab-provider/index.ts'

/** Those that we write a status of. */
export const ownKinds: readonly ResourceType[] = [
  k0smotronCluster,
  k0smotronControlPlane,
  k0sWorkerConfig,
  joinTokenRequest,
]

/** What belongs to users, to Cluster API and to the infrastructure, and what we and Kubernetes make of it. */
export const managementKinds: readonly ResourceType[] = [
  [clusters, machineDeployments, machineSets, machinePoolType, machines, ...labKinds],
  [...ownKinds, k0sWorkerConfigTemplate],
  [secrets, configMaps, services, statefulSets, podDisruptionBudgets, networkPolicies],
  [controllerRevisions, pods, persistentVolumeClaims],
].flat()

/** What we make there, and what core finds. */
export const workloadKinds: readonly ResourceType[] = [secrets, nodes]

/** One namespace of the management cluster, and what is in the workload cluster that answers, if one does. */
export interface ReleasedClusters {
  readonly namespace: string
  readonly management: readonly Stored[]
  readonly workload: readonly Stored[]
}

const folderOf = (release: string): string => join(import.meta.dirname, release)
const workloadSuffix = '.workload'

/** Those that somebody may upgrade from. */
export async function releases(): Promise<readonly string[]> {
  const entries = await readdir(import.meta.dirname, { withFileTypes: true })
  return entries.filter(entry => entry.isDirectory()).map(({ name }) => name)
}

export async function readSet(release: string): Promise<readonly ReleasedClusters[]> {
  const files = (await readdir(folderOf(release))).sort()
  const names = files.map(file => file.replace(/\.yaml$/, ''))
  const isWorkload = (name: string): boolean => name.endsWith(workloadSuffix)
  return Promise.all(
    names
      .filter(name => !isWorkload(name))
      .map(async namespace => {
        const workload = `${namespace}${workloadSuffix}`
        return {
          namespace,
          management: await readObjects(release, namespace, managementKinds),
          workload: names.includes(workload) ? await readObjects(release, workload, workloadKinds) : [],
        }
      }),
  )
}

async function readObjects(release: string, name: string, types: readonly ResourceType[]): Promise<readonly Stored[]> {
  const objects = loadAll(await readFile(join(folderOf(release), `${name}.yaml`), 'utf8')) as KubeObject[]
  return objects.map(object => {
    const type = types.find(one => apiVersionOf(one) === object.apiVersion && one.kind === object.kind)
    if (!type) throw new TypeError(`${object.kind} is not among the kinds of a release's clusters`)
    return { type, object }
  })
}

/** When the last of them was written: what is due a year later is not due yet. */
export function writtenAt(set: readonly ReleasedClusters[]): Date {
  const objects = set.flatMap(({ management }) => management.map(({ object }) => object))
  const times = objects.flatMap(({ metadata }) => metadata.managedFields?.flatMap(({ time }) => time ?? []) ?? [])
  return new Date(Math.max(...times.map(time => Date.parse(time))))
}

interface Origin {
  readonly namespace: string
  readonly management: Client
  readonly workload?: Client
}

/** Replaces the set of the release. */
export async function writeSet(release: string, origins: readonly Origin[]): Promise<void> {
  const folder = folderOf(release)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const { namespace, management, workload } of origins) {
    const objects = await objectsOf(management, managementKinds, namespace)
    await writeFile(join(folder, `${namespace}.yaml`), textOf(objects))
    if (!workload) continue
    const others = await objectsOf(workload, workloadKinds, 'kube-system')
    await writeFile(join(folder, `${namespace}${workloadSuffix}.yaml`), textOf(others))
  }
}

async function objectsOf(client: Client, types: readonly ResourceType[], namespace: string): Promise<KubeObject[]> {
  const objects: KubeObject[] = []
  for (const type of types) {
    const { items } = await client.list(type, type.namespaced ? { namespace } : {})
    const { kind } = type
    objects.push(...items.map(item => ({ ...item, apiVersion: apiVersionOf(type), kind })))
  }
  return objects.filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
}

/** Without the version of the store that they were in. */
function textOf(objects: readonly KubeObject[]): string {
  return objects
    .map(({ metadata: { resourceVersion: _, ...metadata }, ...rest }) => ({ ...rest, metadata }))
    .map(object => dump(object, { lineWidth: -1, noRefs: true }))
    .join('---\n')
}
