// The controller of K0sWorkerConfig — shell
import { k0sWorkerConfig, type ObjectKey, tokenNamespace } from '@k0smotron-ts/api'
import {
  type Clock,
  type ConnectionConfig,
  type Controller,
  type KubeSecret,
  type Logger,
  type Node,
  nodes,
  type Outside,
  secrets,
  type Transport,
} from '@k0smotron-ts/runtime'
import { WorkloadPool } from '@k0smotron-ts/runtime/shell'
import { SharedWatch } from '../../workload/shared-watch.ts'
import { WatchMemory } from '../../workload/watch-memory.ts'
import { configLabel } from './identity.ts'
import { reconcile } from './reconciler.ts'
import { machineNameOf } from './registration/arrival.ts'
import { Silences } from './registration/silences.ts'
import { reportFailure } from './report/failure.ts'
import { projectNode, projectToken } from './wakes/cache-projection.ts'
import { wakesOf } from './wakes/wakes.ts'

export interface K0sWorkerConfigDeps {
  /** The only namespace to look at; absent: all. */
  readonly namespace?: string
  readonly fieldManager: string
  readonly userAgent: string
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  /** How requests get to the API servers of workload clusters. */
  readonly transport: (connection: ConnectionConfig) => Transport
}

export function createK0sWorkerConfigController(deps: K0sWorkerConfigDeps): Controller {
  // nothing runs before `listen`
  let wakeNow: (key: ObjectKey) => void = () => undefined
  let outsideNow: Outside = { away: () => () => undefined, invite: () => undefined }
  const wake = (key: ObjectKey): void => wakeNow(key)
  const outside: Outside = { away: key => outsideNow.away(key), invite: key => outsideNow.invite(key) }
  const workloads = new WorkloadPool({ ...deps, ...outside, wake, asksWhileReady: false })
  const memory = new WatchMemory()
  const tokens = new SharedWatch<KubeSecret>({
    ...deps,
    wake,
    memory,
    watched: { type: secrets, namespace: tokenNamespace, labelSelector: configLabel, keep: projectToken },
    subjectOf: ({ metadata }) => metadata.labels?.[configLabel] ?? '',
  })
  const nodeWatch = new SharedWatch<Node>({
    ...deps,
    wake,
    memory,
    watched: { type: nodes, keep: projectNode },
    subjectOf: machineNameOf,
  })
  const ports = { workloads, tokens, nodes: nodeWatch, silences: new Silences() }
  const close = (): void => {
    tokens.close()
    nodeWatch.close()
    void workloads.close()
  }
  return {
    name: 'k0sworkerconfig',
    primary: k0sWorkerConfig,
    wakes: wakesOf(deps.namespace),
    listen: (wakeController, signal, outsideOfController) => {
      wakeNow = wakeController
      outsideNow = outsideOfController
      signal.addEventListener('abort', close, { once: true })
    },
    reconcile: async (key, shell) => {
      try {
        return await reconcile(key, shell, ports)
      } finally {
        workloads.passOver(key)
      }
    },
    reportFailure,
  }
}
