// The controller of Cluster of k0smotron.io — shell
import { type K0smotronCluster, k0smotronCluster } from '@k0smotron-ts/api'
import type { Controller } from '@k0smotron-ts/runtime'
import { hostedWakes } from '../../hosted/wakes/wakes.ts'
import { createHostedController, type HostedParts } from '../hosted-controller.ts'
import { reconcile } from './reconciler.ts'
import { reportFailure } from './report/failure.ts'
import { specOf } from './snapshot.ts'

const hosted = {
  type: k0smotronCluster,
  clusterNameOf: ({ metadata }: K0smotronCluster) => metadata.name ?? '',
  specOf,
}

export function createClusterController(parts: HostedParts): Controller {
  return createHostedController(parts, deps => ({
    name: 'cluster',
    primary: k0smotronCluster,
    wakes: hostedWakes(hosted, parts.flags.namespace),
    reconcile: (key, shell) => reconcile(key, shell, deps),
    reportFailure: (key, shell, failure) => reportFailure(key, shell, failure, deps.controlPlaneMetrics),
  }))
}
