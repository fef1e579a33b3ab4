// The Secret that a Machine boots from — core
import { clusterSecretType } from '@k0smotron-ts/api'
import type { KubeSecret } from '@k0smotron-ts/runtime'
import { renderWorker } from '../../cloudinit/worker.ts'
import { metadataOf } from './identity.ts'
import { type BootstrapToken, joinTokenText } from './join-token.ts'
import type { Observed } from './observed.ts'
import { workerInput } from './worker-input.ts'

/** In the contract's layout (CT-B03 … CT-B05), under the name of the config. */
export function renderDataSecret(observed: Observed, token: BootstrapToken): KubeSecret {
  const { metadata, spec } = observed.config
  const document = renderWorker(workerInput(observed, joinTokenText(observed, token)))
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: clusterSecretType,
    metadata: metadataOf(observed, metadata.name ?? '', 'bootstrap', spec.secretMetadata),
    data: {
      value: Buffer.from(document).toString('base64'),
      format: Buffer.from('cloud-config').toString('base64'),
    },
  }
}
