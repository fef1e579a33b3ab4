// The StatefulSet of the k0s pods — core
import { createHmac } from 'node:crypto'
import type { StatefulSet } from '@k0smotron-ts/runtime'
import { k0sImage, k0sVersionAnnotation, versionText } from '../../facts/k0s-version.ts'
import { configLabel, labelsOf, metadataOf, selectorOf } from '../../identity.ts'
import type { Observed } from '../../observed.ts'
import { authorityMark } from '../../pki/made-with.ts'
import type { K0sConfigInput } from './cluster-config.ts'
import type { K0sConfig } from './config.ts'
import { networkMark } from './network-in-use.ts'
import { k0sPodSpec } from './pod.ts'
import { renewalOf } from './renewal.ts'

/** Changes with the bytes of the authorities that the pod reads at start. */
const authoritiesAnnotation = 'k0smotron.io/authorities'

export function renderK0sStatefulSet(observed: Observed, input: K0sConfigInput, config: K0sConfig): StatefulSet {
  const { reference: image, annotations } = k0sImage(observed, input.version)
  const authorities = authoritiesHash(observed)
  const authority = authorityMark(observed.certificates.ca?.fingerprint)
  const marks = { annotations: { ...annotations, ...authority, ...networkMark(observed) } }
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { ...metadataOf(observed, observed.names.statefulSet, 'control-plane'), ...marks },
    spec: {
      replicas: 1,
      // a set that goes one by one would never replace an unready pod by a corrected template
      podManagementPolicy: 'Parallel',
      revisionHistoryLimit: 3,
      selector: { matchLabels: selectorOf(observed, 'cluster') },
      template: {
        metadata: {
          labels: { ...labelsOf(observed, 'control-plane'), [configLabel]: config.hash },
          annotations: {
            [k0sVersionAnnotation]: versionText(input.version),
            [authoritiesAnnotation]: authorities,
            ...renewalOf(observed),
          },
        },
        spec: k0sPodSpec(observed, input, { config, image }),
      },
    },
  }
}

/** Keyed by the service account key: what is read off a template tells nothing about the bytes of a Secret. */
function authoritiesHash({ datastore, secrets }: Observed): string {
  const hash = createHmac('sha256', secrets.sa?.data?.['tls.key'] ?? '')
  for (const purpose of ['ca', 'proxy', 'sa'] as const) {
    hash.update(`${secrets[purpose]?.data?.['tls.crt']}\n${secrets[purpose]?.data?.['tls.key']}\n`)
  }
  hash.update(`${secrets[datastore.authority]?.data?.['tls.crt']}\n`)
  return hash.digest('hex').slice(0, 16)
}
