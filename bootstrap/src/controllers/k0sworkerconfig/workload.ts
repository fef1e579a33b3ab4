// The hosted cluster of a config, if it can be asked now — shell
import { dataSecret } from '@k0smotron-ts/api'
import {
  type Action,
  awaitChange,
  KubeconfigError,
  type KubeSecret,
  keyOf,
  type Node,
  printKey,
  requeueAfter,
  type Wait,
} from '@k0smotron-ts/runtime'
import type { Workload } from '@k0smotron-ts/runtime/shell'
import type { Hosted, SharedWatch } from '../../workload/shared-watch.ts'
import type { Workloads } from '../../workload/workloads.ts'
import type { Observed } from './observed.ts'

/** What does not come out of the cache: hosted clusters, and what is watched in them. */
export interface Surroundings {
  readonly workloads: Workloads
  readonly tokens: SharedWatch<KubeSecret>
  readonly nodes: SharedWatch<Node>
}

export interface OpenWorkload extends Hosted, Pick<Workload, 'failed'> {
  readonly kind: 'open'
}

/** Not now: what to say about it, unless it is a matter of seconds, and when to look again. */
export interface ClosedWorkload {
  readonly kind: 'closed'
  readonly wait?: Wait
  readonly next: Action
}

const { dataSecretReason } = dataSecret

/** Waits for no answer. A cluster that is not reachable is asked again when the pass comes back. */
export function openWorkload(observed: Observed, { workloads }: Surroundings): OpenWorkload | ClosedWorkload {
  const { config, cluster, secrets } = observed
  const kubeconfig = secrets.kubeconfig?.data?.value
  if (!cluster || kubeconfig === undefined) return closed('waiting for the key value of the kubeconfig Secret')
  try {
    const id = printKey(keyOf(cluster))
    const { health, ...hosted } = workloads.open(id, Buffer.from(kubeconfig, 'base64'), keyOf(config))
    if (health.kind === 'reachable') return { kind: 'open', cluster: id, ...hosted }
    if (health.kind === 'unknown') return { kind: 'closed', next: awaitChange } // the answer wakes us
    const wait = { reason: dataSecretReason.controlPlaneUnreachable, message: health.message }
    return { kind: 'closed', wait, next: requeueAfter(health.retryInMs) }
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error
    return closed(`Secret ${secrets.kubeconfig?.metadata.name}: ${error.message}`)
  }
}

/** The Secret is watched. */
function closed(message: string): ClosedWorkload {
  return { kind: 'closed', wait: { reason: dataSecretReason.waitingForKubeconfig, message }, next: awaitChange }
}

/** A request to the hosted cluster failed. */
export class WorkloadError extends Error {
  override readonly name = 'WorkloadError'
  /** Nobody answered: the cluster counts as unreachable now. Else it answered, and refused. */
  readonly isUnreachable: boolean
  constructor(cause: unknown, isUnreachable: boolean) {
    const message = cause instanceof Error ? cause.message : String(cause)
    super(isUnreachable ? message : `the workload cluster refused a request: ${message}`, { cause })
    this.isUnreachable = isUnreachable
  }
}

/** Tells failures of the hosted cluster from those of our own, and everyone else that it cannot be reached. */
export async function inWorkload<T>({ failed }: OpenWorkload, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new WorkloadError(error, failed(error))
  }
}
