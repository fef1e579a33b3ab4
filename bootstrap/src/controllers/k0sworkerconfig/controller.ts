// The controller of K0sWorkerConfig — shell
import { k0sWorkerConfig, type ObjectKey } from '@k0smotron-ts/api'
import {
  type Clock,
  type ConnectionConfig,
  type Controller,
  type KubeSecret,
  type Logger,
  type Node,
  nodes,
  secrets,
  type Transport,
} from '@k0smotron-ts/runtime'
import { SharedWatch } from '../../workload/shared-watch.ts'
import { Workloads } from '../../workload/workloads.ts'
import { machineNameOf } from './arrival.ts'
import { configLabel, tokenNamespace } from './join-token.ts'
import { bareNode, bareToken } from './kept.ts'
import { reconcile } from './reconciler.ts'
import { wakesOf } from './wakes.ts'

export interface K0sWorkerConfigDeps {
  /** The only namespace to look at; absent: all. */
  readonly namespace?: string
  readonly fieldManager: string
  readonly userAgent: string
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  /** How requests get to hosted API servers. */
  readonly transport: (connection: ConnectionConfig) => Transport
}

export function createK0sWorkerConfigController(deps: K0sWorkerConfigDeps): Controller {
  let wakeNow: (key: ObjectKey) => void = () => undefined // nothing runs before `listen`
  const wake = (key: ObjectKey): void => wakeNow(key)
  const workloads = new Workloads({ ...deps, wake })
  const tokens = new SharedWatch<KubeSecret>({
    ...deps,
    wake,
    watched: { type: secrets, namespace: tokenNamespace, labelSelector: configLabel, keep: bareToken },
    subjectOf: ({ metadata }) => metadata.labels?.[configLabel] ?? '',
  })
  const nodeWatch = new SharedWatch<Node>({
    ...deps,
    wake,
    watched: { type: nodes, keep: bareNode },
    subjectOf: machineNameOf,
  })
  const around = { workloads, tokens, nodes: nodeWatch }
  const close = (): void => {
    tokens.close()
    nodeWatch.close()
    void workloads.close()
  }
  return {
    name: 'k0sworkerconfig',
    primary: k0sWorkerConfig,
    wakes: wakesOf(deps.namespace),
    listen: (wakeController, signal) => {
      wakeNow = wakeController
      signal.addEventListener('abort', close, { once: true })
    },
    reconcile: (key, shell) => reconcile(key, shell, around),
  }
}
