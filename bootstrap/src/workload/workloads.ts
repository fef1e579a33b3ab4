// Hosted clusters, and who waits for each to answer — shell
import type { ObjectKey } from '@k0smotron-ts/api'
import { parseKey, printKey } from '@k0smotron-ts/runtime'
import { type Workload, WorkloadPool, type WorkloadPoolDeps } from '@k0smotron-ts/runtime/shell'

export interface WorkloadsDeps extends Omit<WorkloadPoolDeps, 'onChange'> {
  readonly wake: (user: ObjectKey) => void
}

/** The pool, and who opened what. A user is woken once when his cluster becomes reachable or stops being so; his pass opens it again. */
export class Workloads {
  readonly #pool: WorkloadPool
  readonly #users = new Map<string, Set<string>>()

  constructor({ wake, ...deps }: WorkloadsDeps) {
    this.#pool = new WorkloadPool({
      ...deps,
      onChange: cluster => {
        const users = this.#users.get(cluster) ?? []
        this.#users.delete(cluster)
        for (const user of users) wake(parseKey(user))
      },
    })
  }

  /** Throws a KubeconfigError for what is not accepted from a Secret. */
  open(cluster: string, kubeconfig: Uint8Array, user: ObjectKey): Workload {
    const workload = this.#pool.open(cluster, kubeconfig)
    const users = this.#users.get(cluster) ?? new Set()
    this.#users.set(cluster, users.add(printKey(user)))
    return workload
  }

  /** Whatever becomes of the clusters, it does not concern the user any more. */
  leave(user: ObjectKey): void {
    for (const [cluster, users] of this.#users) {
      if (users.delete(printKey(user)) && users.size === 0) this.#users.delete(cluster)
    }
  }

  close(): Promise<void> {
    return this.#pool.close()
  }
}
