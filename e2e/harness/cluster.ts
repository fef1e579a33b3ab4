// One cluster of the stage: applied as a user does it, awaited by its states — shell
import {
  type Cluster,
  clusterNameLabel,
  clusters,
  type KubeObject,
  type Machine,
  machines,
  namesOf,
  type ObjectKey,
  type ResourceType,
} from '@k0smotron-ts/api'
import { until, untilAll } from '@k0smotron-ts/hack/testenv'
import { type Client, type Node, nodes, secrets } from '@k0smotron-ts/runtime'
import { type TemplateVariables, variablesFor } from './clusterctl.ts'
import { type Changes, changed } from './merge-patch.ts'
import { manifestsOf, type Stage } from './stage.ts'
import { openWorkload, untilAnswers, type Workload } from './workload.ts'

const deploymentLabel = 'cluster.x-k8s.io/deployment-name'

/** So long each step may take on a busy machine; whoever waits longer is told what was seen last. */
export const patienceMs = 180_000

export interface ClusterOptions {
  readonly variables?: Partial<TemplateVariables>
  /** To what the template gives. */
  readonly changes?: Changes
}

/** `clusterctl generate cluster … | kubectl apply -f -`. */
export async function applyCluster(
  stage: Pick<Stage, 'k0s' | 'kubectl'>,
  { name, namespace = 'default' }: ObjectKey,
  { variables = {}, changes = {} }: ClusterOptions = {},
): Promise<void> {
  const objects = await manifestsOf(stage, { ...variablesFor(stage, name, namespace), ...variables })
  await stage.kubectl(['apply', '-f', '-'], yamlOf(changed(objects, changes)))
}

/** JSON is YAML. */
const yamlOf = (objects: readonly KubeObject[]): string => objects.map(object => JSON.stringify(object)).join('\n---\n')

/** Resolves when the kubeconfig of the Secret works from here, outside of the management cluster's pods. */
export async function untilAnswering(
  { management, folder }: { readonly management: Pick<Stage['management'], 'client'>; readonly folder: string },
  key: ObjectKey,
): Promise<Workload> {
  const secret = { ...key, name: namesOf(key.name).kubeconfig }
  await until(management.client, { type: secrets, key: secret, patienceMs }, found => found !== undefined)
  const workload = await openWorkload(management.client, key, folder)
  if (!workload) throw new Error(`Secret ${secret.name} was there, and is not any more`)
  await untilAnswers(workload, AbortSignal.timeout(patienceMs))
  return workload
}

/** A Machine and the Node that it became. */
export interface Joined {
  readonly machine: Machine
  readonly node: Node
}

/** Resolves when so many Machines (one unless given) have their Nodes, and those are Ready. */
export async function untilJoined(
  stage: Stage,
  workload: Workload,
  which: Partial<Count> & Pick<Count, 'cluster'>,
): Promise<readonly Joined[]> {
  const made = await untilCount(stage.management.client, machines, { count: 1, ...which })
  return Promise.all(
    made.map(async ({ metadata: { namespace = '', name = '' } }) => {
      const key = { namespace, name }
      const machine = await until(
        stage.management.client,
        { type: machines, key, patienceMs },
        found => found?.status?.nodeRef !== undefined,
      )
      const node = { name: machine.status?.nodeRef?.name ?? '' }
      return { machine, node: await until(workload.client, { type: nodes, key: node, patienceMs }, isReadyNode) }
    }),
  )
}

const isReadyNode = (node: Node | undefined): boolean =>
  node?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false

interface Count {
  readonly cluster: ObjectKey
  readonly count: number
  /** Only what belongs to this MachineDeployment. */
  readonly deployment?: string
}

/** All objects of the kind that belong to the cluster, once they are so many; woken by a watch. */
export async function untilCount<T extends KubeObject>(
  client: Client,
  type: ResourceType<T>,
  { cluster: { name, namespace = 'default' }, count, deployment }: Count,
): Promise<readonly T[]> {
  const labels = [`${clusterNameLabel}=${name}`, ...(deployment ? [`${deploymentLabel}=${deployment}`] : [])]
  const subject = { type, namespace, labelSelector: labels.join(','), patienceMs }
  const { objects, isSo } = await untilAll(client, subject, all => all.length === count)
  if (isSo) return objects
  throw new Error(`There are ${objects.length} ${type.plural}, not ${count}`)
}

/** `kubectl delete cluster`, as a user does it; resolves when the Cluster is gone. */
export async function deleteCluster({ management: { client } }: Stage, key: ObjectKey): Promise<void> {
  await client.delete(clusters, key, { propagation: 'Background' })
  await until<Cluster>(client, { type: clusters, key, patienceMs }, cluster => cluster === undefined)
}
