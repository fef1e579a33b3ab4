// The manifests of Cluster API, fitted to a manager that runs as a process — core
import type { KubeObject } from '@k0smotron-ts/api'
import { loadAll } from 'js-yaml'
import { typeToInstall } from '../install/installable.ts'

/** Any object of the manifests. */
export interface ComponentObject extends KubeObject {
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

/** The objects that the API server gets; no Deployment, no certificates. */
export function parseComponents(documents: string): readonly ComponentObject[] {
  const objects: ComponentObject[] = []
  loadAll(documents, document => {
    if (document && typeToInstall(document as ComponentObject)) objects.push(document as ComponentObject)
  })
  return objects
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
