// The StatefulSet of the k0s pods — core
import { createHmac } from 'node:crypto'
import type { StatefulSet } from '@k0smotron-ts/runtime'
import { configLabel, labelsOf, metadataOf, namesFor, selectorOf } from '../identity.ts'
import { k0sVersionAnnotation, liveSetOf, versionText } from '../k0s-version.ts'
import type { Observed } from '../observed.ts'
import type { K0sConfigInput } from './k0s-cluster-config.ts'
import type { K0sConfig } from './k0s-config.ts'
import { k0sPodSpec } from './k0s-pod.ts'

/** Changes with the bytes of the authorities that the pod copies at start. */
const authoritiesAnnotation = 'k0smotron.io/authorities'

export function renderK0sStatefulSet(observed: Observed, input: K0sConfigInput, config: K0sConfig): StatefulSet {
  const live = liveSetOf(observed)?.spec
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metadataOf(observed, namesFor(observed).statefulSet, 'control-plane'),
    spec: {
      replicas: 1,
      podManagementPolicy: live?.podManagementPolicy ?? 'Parallel',
      revisionHistoryLimit: 3,
      // a selector cannot change: one that k0smotron made stays
      selector: live?.selector ?? { matchLabels: selectorOf(observed, 'cluster') },
      template: {
        metadata: {
          labels: {
            ...live?.selector?.matchLabels,
            ...labelsOf(observed, 'control-plane'),
            [configLabel]: config.hash,
          },
          annotations: {
            [k0sVersionAnnotation]: versionText(input.version),
            [authoritiesAnnotation]: authoritiesHash(observed),
          },
        },
        spec: k0sPodSpec(observed, input, config),
      },
    },
  }
}

/** Keyed by the service account key: what is read off a template tells nothing about the bytes of a Secret. */
function authoritiesHash({ secrets }: Observed): string {
  const hash = createHmac('sha256', secrets.sa?.data?.['tls.key'] ?? '')
  for (const purpose of ['ca', 'proxy', 'sa'] as const) {
    hash.update(`${secrets[purpose]?.data?.['tls.crt']}\n${secrets[purpose]?.data?.['tls.key']}\n`)
  }
  return hash.digest('hex').slice(0, 16)
}
