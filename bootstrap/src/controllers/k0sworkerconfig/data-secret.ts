// The Secret that a Machine boots from — core
import { clusterSecretType, decodeJoinToken } from '@k0smotron-ts/api'
import type { KubeSecret } from '@k0smotron-ts/runtime'
import { load } from 'js-yaml'
import type { UserData } from '../../cloudinit/user-data.ts'
import { renderWorker } from '../../cloudinit/worker.ts'
import { metadataOf } from './identity.ts'
import { type BootstrapToken, joinTokenText, tokenOf } from './join-token.ts'
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

/** The token that the machine boots with; `undefined` for data that is not in our form. */
export function tokenInData({ data }: KubeSecret): BootstrapToken | undefined {
  try {
    const document = load(Buffer.from(data?.value ?? '', 'base64').toString()) as Partial<UserData>
    const [file] = document.write_files ?? [] // the token is the first file, whatever its folder
    return tokenOf(decodeJoinToken(file?.content ?? '').token)
  } catch {
    return undefined
  }
}
