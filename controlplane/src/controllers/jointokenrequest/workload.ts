// The workload cluster of a JoinTokenRequest, if it can be asked now — shell
import { controlPlaneCondition, hibernationIn, joinTokenCondition, type K0smotronCluster } from '@k0smotron-ts/api'
import { KubeconfigError, type KubeSecret, keyOf, printKey, type Service, type Wait } from '@k0smotron-ts/runtime'
import { type Attempt, attempt, type Reach, type Workload, type WorkloadPool } from '@k0smotron-ts/runtime/shell'
import { throughService, type Way } from '../../workload/workload-apis.ts'
import type { Observed } from './observed.ts'

export interface Ports {
  readonly workloads: Pick<WorkloadPool, 'open' | 'leave'>
  /** Tried in this order. */
  readonly ways: readonly Way[]
}

export type OpenWorkload = Workload & { readonly kind: 'open' }

/** Not now. `wait` is absent while it is a matter of seconds; whatever ends it wakes the request. */
export interface ClosedWorkload {
  readonly kind: 'closed'
  readonly wait?: Wait
}

const { joinTokenReason, joinTokenSecretCreated } = joinTokenCondition

interface Known {
  readonly cluster: K0smotronCluster
  readonly kubeconfig: KubeSecret
}

export function openWorkload(
  observed: Observed,
  { cluster, kubeconfig }: Known,
  { workloads, ways }: Ports,
): OpenWorkload | ClosedWorkload {
  const who = `Cluster ${cluster.metadata.name}`
  const hibernation = hibernationIn(cluster.status?.conditions, controlPlaneCondition.available, who)
  if (hibernation) {
    workloads.leave(keyOf(observed.request)) // nobody is asked: the Cluster is watched
    return { kind: 'closed', wait: hibernation }
  }
  const from = `Secret ${kubeconfig.metadata.name}`
  const [first, ...others] = ways.flatMap(way => (way === 'endpoint' ? [{ from }] : viaService(observed.service)))
  if (!first) return closed('there is no Service to reach the API server through')
  try {
    const opening = workloads.open(printKey(keyOf(cluster)), keyOf(observed.request), {
      kubeconfig: Buffer.from(kubeconfig.data?.value ?? '', 'base64'),
      ways: [first, ...others],
    })
    if (opening.kind === 'open') return opening
    return opening.kind === 'unreachable' ? closed(opening.message) : { kind: 'closed' }
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error
    return closed(`${from}: ${error.message}`)
  }
}

function viaService(service: Service | undefined): readonly Reach['ways'][number][] {
  return service ? throughService(service) : []
}

function closed(message: string): ClosedWorkload {
  return { kind: 'closed', wait: { reason: joinTokenReason.unreachable, message } }
}

/** What a request to the workload cluster came to: done, refused, or nobody answered. */
export interface Asked<T> extends Partial<Attempt<T>> {
  readonly wait?: Wait
}

/** Nobody answered: the cluster counts as unreachable now, and who opened it is woken when it is not any more. */
export async function inWorkload<T>(
  workload: OpenWorkload,
  { request }: Observed,
  write: () => Promise<T>,
): Promise<Asked<T>> {
  const attempted = await attempt({ object: request, concerns: joinTokenSecretCreated, write })
  const { error } = attempted.applied
  const silence = error && workload.failed(error)
  if (silence !== undefined) return { wait: { reason: joinTokenReason.unreachable, message: silence } }
  return attempted
}
