// The StatefulSet of the k0s pods — core
import type { StatefulSet } from '@k0smotron-ts/runtime'
import { k0sImage, k0sVersionAnnotation, versionText } from '../../facts/k0s-version.ts'
import { isReplacedByUs } from '../../facts/members.ts'
import { configLabel, labelsOf, metadataOf, selectorOf } from '../../identity.ts'
import type { Observed } from '../../observed.ts'
import { authoritiesMark, authorityMark } from '../../pki/made-with.ts'
import type { K0sConfigInput } from './cluster-config.ts'
import type { K0sConfig } from './config.ts'
import { networkMark } from './network-in-use.ts'
import { k0sPodSpec } from './pod.ts'
import { renewalOf } from './renewal.ts'

interface Rendered {
  readonly input: K0sConfigInput
  readonly config: K0sConfig
  readonly replicas: number
}

export function renderK0sStatefulSet(observed: Observed, { input, config, replicas }: Rendered): StatefulSet {
  const { reference: image, annotations } = k0sImage(observed, input.version)
  const authority = authorityMark(observed.certificates.ca?.fingerprint)
  const marks = { annotations: { ...annotations, ...authority, ...networkMark(observed.k0sNetwork) } }
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { ...metadataOf(observed, observed.names.statefulSet, 'control-plane'), ...marks },
    spec: {
      replicas,
      // a set that goes one by one would never replace an unready pod by a corrected template
      podManagementPolicy: 'Parallel',
      ...(isReplacedByUs(observed) && { updateStrategy: { type: 'OnDelete' } }),
      revisionHistoryLimit: 3,
      selector: { matchLabels: selectorOf(observed, 'cluster') },
      template: {
        metadata: {
          labels: { ...labelsOf(observed, 'control-plane'), [configLabel]: config.hash },
          annotations: {
            [k0sVersionAnnotation]: versionText(input.version),
            ...authoritiesMark(observed),
            ...renewalOf(observed),
          },
        },
        spec: k0sPodSpec(observed, input, { config, image }),
      },
    },
  }
}
