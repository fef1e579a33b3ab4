// The workload cluster of a config, if it can be asked now — shell
import { dataSecret, hibernationIn, type ObjectKey } from '@k0smotron-ts/api'
import {
  type Action,
  awaitChange,
  KubeconfigError,
  type KubeSecret,
  keyOf,
  type Node,
  printKey,
  type Wait,
} from '@k0smotron-ts/runtime'
import { type Attempt, attempt, type Workload, type WorkloadPool } from '@k0smotron-ts/runtime/shell'
import type { SharedWatch, WatchedCluster } from '../../workload/shared-watch.ts'
import type { Observed } from './observed.ts'
import type { Silences } from './registration/silences.ts'
import { WorkloadError } from './workload-error.ts'

/** What does not come out of the cache: workload clusters, and what is watched in them. */
export interface Ports {
  readonly workloads: Pick<WorkloadPool, 'open' | 'leave'>
  readonly tokens: SharedWatch<KubeSecret>
  readonly nodes: SharedWatch<Node>
  readonly silences: Silences
}

export interface OpenWorkload extends Workload, WatchedCluster {
  readonly kind: 'open'
}

/** Not now: what to say about it, unless it is a matter of seconds, and when to look again. */
export interface ClosedWorkload {
  readonly kind: 'closed'
  readonly wait?: Wait
  readonly next: Action
}

const { dataSecretReason } = dataSecret

/** Waits for no answer and for no place: both wake the config. */
export function openWorkload(observed: Observed, { workloads }: Ports): OpenWorkload | ClosedWorkload {
  const { config, cluster, secrets } = observed
  const kubeconfig = secrets.kubeconfig?.data?.value
  if (!cluster || kubeconfig === undefined) return closed('waiting for the key value of the kubeconfig Secret')
  // as the control plane says it, and Cluster API core repeats it on the Cluster
  const who = `the control plane of Cluster ${cluster.metadata.name}`
  const hibernation = hibernationIn(cluster.status?.conditions, 'ControlPlaneAvailable', who)
  if (hibernation) {
    workloads.leave(keyOf(config)) // nobody is asked: the Cluster is watched
    return { kind: 'closed', wait: hibernation, next: awaitChange }
  }
  try {
    const id = printKey(keyOf(cluster))
    const opening = workloads.open(id, keyOf(config), {
      kubeconfig: Buffer.from(kubeconfig, 'base64'),
      ways: [{ from: `Secret ${secrets.kubeconfig?.metadata.name}` }],
    })
    if (opening.kind === 'open') return { ...opening, cluster: id }
    if (opening.kind !== 'unreachable') return { kind: 'closed', next: awaitChange }
    const wait = { reason: dataSecretReason.controlPlaneUnreachable, message: opening.message }
    return { kind: 'closed', wait, next: awaitChange }
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error
    return closed(`Secret ${secrets.kubeconfig?.metadata.name}: ${error.message}`)
  }
}

/** The Secret is watched. */
function closed(message: string): ClosedWorkload {
  return { kind: 'closed', wait: { reason: dataSecretReason.waitingForKubeconfig, message }, next: awaitChange }
}

/** Tells failures of the workload cluster from those of our own, and everyone else that it cannot be reached. */
export async function inWorkload<T>(
  { failed }: OpenWorkload,
  attempting: Parameters<typeof attempt<T>>[0],
): Promise<Attempt<T>> {
  const attempted = await attempt(attempting)
  const { error } = attempted.applied
  return error ? { applied: { ...attempted.applied, error: new WorkloadError(error, failed(error)) } } : attempted
}

/** Ends what is watched for the config in its workload cluster, and its waiting for the cluster; whoever goes on opens it again. */
export function leaveWorkload(key: ObjectKey, { workloads, tokens, nodes }: Ports): void {
  workloads.leave(key)
  tokens.leave(key)
  nodes.leave(key)
}
