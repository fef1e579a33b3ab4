// The manifests of Cluster API, fitted to a manager that runs as a process — core
import { loadAll } from 'js-yaml'

/** Any object of the manifests. */
export interface ComponentObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly spec?: { readonly conversion?: { readonly webhook?: { readonly clientConfig?: ClientConfig } } }
  readonly webhooks?: readonly { readonly clientConfig: ClientConfig }[]
}

interface ClientConfig {
  readonly service?: { readonly path?: string }
  readonly url?: string
  readonly caBundle?: string
}

/** Where the manager serves its webhooks, and the authority of its certificate in base64. */
export interface WebhookAddress {
  readonly url: string
  readonly caBundle: string
}

/** The collections of the kinds that we need; the others describe a Deployment and its certificates. */
const collections: Readonly<Record<string, string>> = {
  Namespace: '/api/v1/namespaces',
  CustomResourceDefinition: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  ServiceAccount: '/api/v1/namespaces/{namespace}/serviceaccounts',
  Role: '/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}/roles',
  RoleBinding: '/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}/rolebindings',
  ClusterRole: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  ClusterRoleBinding: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
  MutatingWebhookConfiguration: '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
  ValidatingWebhookConfiguration: '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
}

/** The objects that the API server gets; no Deployment, no certificates. */
export function parseComponents(documents: string): readonly ComponentObject[] {
  const objects: ComponentObject[] = []
  loadAll(documents, document => {
    if (document && (document as ComponentObject).kind in collections) objects.push(document as ComponentObject)
  })
  return objects
}

/** The path of one object. */
export function pathOf({ kind, metadata }: ComponentObject): string {
  const collection = collections[kind]
  if (!collection) throw new Error(`No path is known for kind ${kind}`)
  return `${collection.replace('{namespace}', metadata.namespace ?? 'default')}/${metadata.name}`
}

/**
 * The object with every webhook at this address. With a Service in it, the API server would dial a ClusterIP that
 * nobody serves, over whatever default route the machine has.
 */
export function withWebhooksAt(object: ComponentObject, address: WebhookAddress): ComponentObject {
  const moved = ({ service }: ClientConfig): ClientConfig => ({
    url: `${address.url}${service?.path ?? ''}`,
    caBundle: address.caBundle,
  })
  const { webhooks, spec } = object
  const conversion = spec?.conversion?.webhook?.clientConfig
  return {
    ...object,
    ...(webhooks && { webhooks: webhooks.map(webhook => ({ ...webhook, clientConfig: moved(webhook.clientConfig) })) }),
    ...(conversion && {
      spec: {
        ...spec,
        conversion: { ...spec.conversion, webhook: { ...spec.conversion?.webhook, clientConfig: moved(conversion) } },
      },
    }),
  }
}
