// The Secret that a Machine boots from — core
import {
  type BootstrapToken,
  clusterSecretType,
  decodeBase64,
  decodeJoinToken,
  encodeBase64,
  type JoinToken,
  parseBootstrapToken,
} from '@k0smotron-ts/api'
import type { KubeSecret } from '@k0smotron-ts/runtime'
import { load } from 'js-yaml'
import type { WorkerInput } from '../../../cloudinit/types.ts'
import type { UserData } from '../../../cloudinit/user-data.ts'
import { renderWorker } from '../../../cloudinit/worker.ts'
import { metadataOf } from '../identity.ts'
import type { Observed } from '../observed.ts'

/** In the contract's layout, under the name of the config. */
export function renderDataSecret(observed: Observed, input: WorkerInput): KubeSecret {
  const { metadata, spec } = observed.config
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: clusterSecretType,
    metadata: metadataOf(observed, metadata.name ?? '', 'bootstrap', spec.secretMetadata),
    data: {
      value: encodeBase64(renderWorker(input)),
      format: encodeBase64('cloud-config'),
    },
  }
}

/** The token that the machine boots with; `undefined` for data that is not in our form. */
export function tokenInUserData(secret: KubeSecret): BootstrapToken | undefined {
  const joinToken = joinTokenInUserData(secret)
  return joinToken && parseBootstrapToken(joinToken.token)
}

/** What the machine joins with, and where; `undefined` for data that is not in our form. */
export function joinTokenInUserData({ data }: KubeSecret): JoinToken | undefined {
  try {
    const document = load(decodeBase64(data?.value)) as Partial<UserData>
    const [file] = document.write_files ?? [] // the token is the first file, whatever its folder
    return decodeJoinToken(file?.content ?? '')
  } catch {
    return undefined
  }
}
