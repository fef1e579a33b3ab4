// The webhooks of a provider as plain data: names, and when the API server asks — core
import type { ResourceType } from '@k0smotron-ts/api'
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

/** The path that k0smotron has for the rules of a kind. */
export function validatePath({ group, version, kind }: ResourceType): string {
  return `/validate-${group.replaceAll('.', '-')}-${version}-${kind.toLowerCase()}`
}

export const definitionName = ({ group, plural }: ResourceType): string => `${plural}.${group}`

/**
 * Asks what there is to say about a spec when it is written, and never stands in the way: nobody is asked about what is
 * being deleted, or about writes that leave the spec as it is (finalizers, owners, labels).
 */
export function specWebhook(kind: ResourceType, name: string): ValidatingWebhook {
  const { group, version, plural: resource } = kind
  return {
    name,
    path: validatePath(kind),
    failurePolicy: 'Ignore',
    group,
    version,
    resource,
    operations: ['CREATE', 'UPDATE'],
    matchConditions: {
      'not-going': '!has(object.metadata.deletionTimestamp)',
      'spec-changed':
        "request.operation == 'CREATE' || (has(object.spec) && (!has(oldObject.spec) || object.spec != oldObject.spec))",
    },
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
