// How many pods a drain may take at once — core
import type { PodDisruptionBudget } from '@k0smotron-ts/runtime'
import { type Component, metadataOf, selectorOf } from '../identity.ts'
import type { Observed } from '../observed.ts'

/** One at a time. A pod that is not ready protects nothing and may always go. */
export function renderPodDisruptionBudget(
  observed: Observed,
  name: string,
  component: Extract<Component, 'control-plane' | 'etcd'>,
): PodDisruptionBudget {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadataOf(observed, name, component),
    spec: {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: selectorOf(observed, component === 'etcd' ? 'etcd' : 'cluster') },
    },
  }
}
