// The webhooks of a provider as plain data: names, and when the API server asks — core
import type { Rule } from '../rbac.ts'

/** One entry of a ValidatingWebhookConfiguration. */
export interface ValidatingWebhook {
  readonly name: string
  readonly path: string
  /** `Ignore`: the request goes on when nobody answers. */
  readonly failurePolicy: 'Fail' | 'Ignore'
  readonly group: string
  readonly version: string
  /** Plural, without a subresource: status and scale are never asked about. */
  readonly resource: string
  readonly operations: readonly ('CREATE' | 'UPDATE')[]
  /** CEL, by name: nobody is asked about a request for which one of them is false. */
  readonly matchConditions: Readonly<Record<string, string>>
}

export interface WebhookDeclaration {
  /** The Service that leads to every replica, in the provider's namespace. */
  readonly service: string
  /** The Secret with the serving certificate, in the provider's namespace. */
  readonly secret: string
  /** CustomResourceDefinitions whose versions are converted. */
  readonly definitions: readonly string[]
  readonly validating: {
    /** Of the ValidatingWebhookConfiguration. */
    readonly name: string
    readonly webhooks: readonly ValidatingWebhook[]
  }
}

const inject = ['get', 'list', 'watch', 'patch'] as const

/** The authority is written into these objects and no others. */
export function injectionRules({ definitions, validating }: WebhookDeclaration): readonly Rule[] {
  return [
    {
      apiGroups: ['apiextensions.k8s.io'],
      resources: ['customresourcedefinitions'],
      resourceNames: definitions,
      verbs: inject,
    },
    {
      apiGroups: ['admissionregistration.k8s.io'],
      resources: ['validatingwebhookconfigurations'],
      resourceNames: [validating.name],
      verbs: inject,
    },
  ]
}

/** Who may create cannot be asked for a name: it is not known yet. */
export function certificateRules({ secret }: WebhookDeclaration): readonly Rule[] {
  return [
    { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
    { apiGroups: [''], resources: ['secrets'], resourceNames: [secret], verbs: ['get', 'list', 'watch', 'update'] },
  ]
}
