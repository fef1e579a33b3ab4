// Phase oidc: the documents by which others trust service accounts of the workload cluster — core
import { controlPlaneCondition, type KubeObject } from '@k0smotron-ts/api'
import type { ConfigMap, Outcome, Wait } from '@k0smotron-ts/runtime'
import { type Issuer, issuedElsewhere, issuerOf } from '../facts/issuer.ts'
import { isInitialized } from '../facts/reachability.ts'
import type { Observed } from '../observed.ts'
import { done, waits } from '../phase.ts'
import { maxTokenKeys, type TokenKey } from '../pki/token-keys.ts'
import { faultOfUserConfig } from '../render/k0s/user-config.ts'
import { documentsWith, renderOIDCDocuments } from '../render/oidc.ts'

const { componentsReason, oidcDocumentsAvailable: type, oidcReason } = controlPlaneCondition

/** From the Secret and the spec alone: the workload API is not asked. */
export function renderOIDC(observed: Observed): Outcome {
  const keys = keysOf(observed)
  if ('reason' in keys) return waits(type, keys, keys.reason === oidcReason.keysElsewhere ? [] : published(observed))
  const issuer = issuerOf(observed)
  return done(type, said(observed, issuer), [renderOIDCDocuments(observed, issuer, keys)])
}

/** As they are: without them every token would be refused. Only who has keys elsewhere wants none. */
function published(observed: Observed): readonly KubeObject[] {
  const live = publishedIn(observed)
  return live ? [documentsWith(observed, live.data)] : []
}

function publishedIn({ configMaps, names }: Observed): ConfigMap | undefined {
  return configMaps.find(({ metadata }) => metadata.name === names.oidc)
}

/** Or why none are made. */
function keysOf(observed: Observed): readonly TokenKey[] | Wait {
  const { certificates, names, secrets } = observed
  const fault = faultOfUserConfig(observed)
  if (fault !== undefined) return { reason: componentsReason.invalidConfig, message: fault }
  const elsewhere = issuedElsewhere(observed)
  if (elsewhere !== undefined) {
    const message = `what signs tokens is not known here, because of ${elsewhere}: take the documents from the API server`
    return { reason: oidcReason.keysElsewhere, message }
  }
  const keys = secrets.sa && certificates.sa?.tokenKeys
  if (!keys)
    return { reason: oidcReason.waitingForCertificates, message: `waiting for Secret ${names.serviceAccountKey}` }
  if (keys === 'tooMany') return { reason: oidcReason.tooManyKeys, message: tooMany(observed) }
  // creating a control plane costs no request more for it
  if (publishedIn(observed) || isInitialized(observed)) return keys
  return { reason: oidcReason.waitingForAnswer, message: 'waiting for the API server to answer for the first time' }
}

function tooMany({ names }: Observed): string {
  return `Secret ${names.serviceAccountKey} has more than ${maxTokenKeys} keys in tls.crt, or more than 128 KiB, and what was published before stays as it is: take those out that no token was signed with any more`
}

function said({ names }: Observed, { url, keysAt }: Issuer): Wait {
  if (keysAt !== undefined) {
    return { reason: oidcReason.available, message: `ConfigMap ${names.oidc} has them for issuer ${url}` }
  }
  const message = `ConfigMap ${names.oidc} has the keys alone: there is no discovery document for issuer ${JSON.stringify(url)}, which has to be an https URL without query and fragment; and with an empty service-account-jwks-uri each API server names its own address in it`
  return { reason: oidcReason.keysOnly, message }
}
