// What others verify tokens of service accounts with — core
import type { ConfigMap } from '@k0smotron-ts/runtime'
import type { Issuer } from '../facts/issuer.ts'
import { metadataOf } from '../identity.ts'
import type { Observed } from '../observed.ts'
import type { TokenKey } from '../pki/token-keys.ts'

/**
 * The two documents are, byte for byte, what the API server answers at `/.well-known/openid-configuration` and at
 * `/openid/v1/jwks`, and are called like the last parts of these paths.
 */
export function renderOIDCDocuments(
  observed: Observed,
  { url, audiences, keysAt }: Issuer,
  keys: readonly TokenKey[],
): ConfigMap {
  const algorithms = [...new Set(keys.flatMap(({ alg }) => alg ?? []))].toSorted()
  const discovery = {
    issuer: url,
    jwks_uri: keysAt,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: algorithms,
  }
  return documentsWith(observed, {
    issuer: url,
    audiences,
    jwks: JSON.stringify({ keys }),
    ...(keysAt !== undefined && { 'openid-configuration': escaped(JSON.stringify(discovery)) }),
  })
}

/** As kube-apiserver writes JSON: without the signs that mean something in HTML. */
function escaped(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

export function documentsWith(observed: Observed, data: ConfigMap['data'] = {}): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadataOf(observed, observed.names.oidc, 'oidc'), data }
}
