// Where kube-apiserver reads which authority it is to trust for webhooks — core
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import type { JsonPatch } from '../../client/types.ts'
import { parseCertificate, splitCertificates } from '../../pki/certificate.ts'

interface ClientConfig {
  readonly caBundle?: string
}

export interface ConvertedDefinition extends KubeObject {
  readonly spec?: {
    readonly conversion?: { readonly strategy?: string; readonly webhook?: { readonly clientConfig?: ClientConfig } }
  }
}

export interface WebhookConfiguration extends KubeObject {
  readonly webhooks?: readonly { readonly name: string; readonly clientConfig?: ClientConfig }[]
}

export const convertedDefinitions: ResourceType<ConvertedDefinition> = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
}

export const validatingConfigurations: ResourceType<WebhookConfiguration> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingWebhookConfiguration',
  plural: 'validatingwebhookconfigurations',
  namespaced: false,
}

/** A place for an authority: what is there, and what must be so that the place is still meant. */
interface Place {
  readonly path: string
  readonly caBundle: string | undefined
  readonly guard: JsonPatch[number]
}

export function placesInDefinition({ spec }: ConvertedDefinition): readonly Place[] {
  const { strategy, webhook } = spec?.conversion ?? {}
  if (strategy !== 'Webhook') return []
  const path = '/spec/conversion/webhook/clientConfig/caBundle'
  const guard = { op: 'test', path: '/spec/conversion/strategy', value: 'Webhook' } as const
  return [{ path, guard, caBundle: webhook?.clientConfig?.caBundle }]
}

export function placesInConfiguration({ webhooks = [] }: WebhookConfiguration): readonly Place[] {
  return webhooks.map(({ name, clientConfig }, index) => ({
    path: `/webhooks/${index}/clientConfig/caBundle`,
    guard: { op: 'test', path: `/webhooks/${index}/name`, value: name },
    caBundle: clientConfig?.caBundle,
  }))
}

export interface Wanted {
  /** PEM. */
  readonly bundle: string
  /** The common name of authorities that we make. */
  readonly authorityName: string
}

/**
 * What changes in the object so that it trusts `bundle`; nothing when it does. Where cert-manager is to inject and has
 * put an authority that we did not make, that one stays.
 */
export function injection(object: KubeObject, places: readonly Place[], { bundle, authorityName }: Wanted): JsonPatch {
  const value = Buffer.from(bundle, 'utf8').toString('base64')
  const isForOthers = Object.keys(object.metadata.annotations ?? {}).some(key => key.startsWith(certManagerPrefix))
  return places.flatMap(({ path, guard, caBundle }) => {
    if (caBundle === value || (isForOthers && isOfOthers(caBundle, authorityName))) return []
    return [guard, { op: 'add', path, value } as const]
  })
}

/** `cert-manager.io/inject-ca-from`, `…-from-secret`, `inject-apiserver-ca`. */
const certManagerPrefix = 'cert-manager.io/inject-'

function isOfOthers(caBundle: string | undefined, authorityName: string): boolean {
  const certificates = splitCertificates(Buffer.from(caBundle ?? '', 'base64').toString('utf8'))
  return certificates.length > 0 && certificates.every(pem => commonNameOf(pem) !== authorityName)
}

function commonNameOf(pem: string): string | undefined {
  try {
    return parseCertificate(pem).commonName
  } catch {
    return undefined
  }
}
