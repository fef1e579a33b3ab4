// The CustomResourceDefinition of a kind — core
import { parseJsonText } from '../json-text.ts'
import { apiVersionOf } from '../resource.ts'
import type { Column, Kind, OlderVersion } from './kind.ts'

/** Where the API server gets an object in another version: `clientConfig` of apiextensions.k8s.io/v1. */
export type ConversionClient =
  | { readonly service: { readonly namespace: string; readonly name: string; readonly path: string } }
  | { readonly url: string; readonly caBundle: string }

/**
 * A CRD as plain JSON, ready to be serialized; the same kind always gives the same object. The older version is served
 * only where something converts: without it the API server would drop fields that have another name. While nothing
 * answers there, requests in the stored version go on, and those in the older one are refused.
 */
export function crdOf(kind: Kind, conversion?: ConversionClient): object {
  const { group, version, plural, labels, shortNames } = kind
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}`, labels },
    spec: {
      group,
      names: {
        kind: kind.kind,
        listKind: `${kind.kind}List`,
        plural,
        singular: kind.kind.toLowerCase(),
        ...(isOfClusterAPI(group) && { categories: ['cluster-api'] }),
        ...(shortNames && { shortNames }),
      },
      scope: 'Namespaced',
      versions: [
        { name: version, served: true, storage: true, ...versionOf(kind, kind) },
        ...(kind.older && conversion ? [olderOf(kind, kind.older)] : []),
      ],
      ...(kind.older && conversion && { conversion: webhookAt(conversion) }),
    },
  }
}

function isOfClusterAPI(group: string): boolean {
  return group.endsWith('cluster.x-k8s.io')
}

function webhookAt(clientConfig: ConversionClient): object {
  return { strategy: 'Webhook', webhook: { conversionReviewVersions: ['v1', 'v1beta1'], clientConfig } }
}

function olderOf(kind: Kind, older: OlderVersion): object {
  const deprecationWarning = `${kind.group}/${older.version} ${kind.kind} is deprecated; use ${apiVersionOf(kind)}`
  const { version: name } = older
  return { name, served: true, storage: false, deprecated: true, deprecationWarning, ...versionOf(kind, older) }
}

/** What differs between the versions of a kind. Schemas carry hidden type information, and rules their twins in TypeScript. */
interface Version {
  readonly version: string
  readonly spec: object
  readonly status?: object | undefined
  readonly columns: readonly Column[]
}

function versionOf(kind: Kind, version: Version): object {
  const { columns, status } = version
  const { scale } = kind
  return {
    schema: { openAPIV3Schema: schemaOf(kind, version) },
    ...(columns.length > 0 && { additionalPrinterColumns: columns }),
    ...((status || scale) && { subresources: { ...(status && { status: {} }), ...(scale && { scale }) } }),
  }
}

/** Cluster API core copies a template as it is, also one that says nothing: a spec that needs nothing may be absent. */
function schemaOf({ group, kind, description }: Kind, { version, spec, status }: Version): object {
  const isNeeded = (spec as { readonly required?: readonly string[] }).required !== undefined
  return {
    type: 'object',
    description,
    ...(isNeeded && { required: ['spec'] }),
    properties: {
      apiVersion: { type: 'string', description: `apiVersion is ${apiVersionOf({ group, version })}.` },
      kind: { type: 'string', description: `kind is ${kind}.` },
      metadata: { type: 'object' },
      spec: { ...plain(spec), ...(!isNeeded && { default: {} }) },
      ...(status && { status: plain(status) }),
    },
  }
}

/** Only what JSON keeps. */
function plain(schema: object): object {
  return parseJsonText(JSON.stringify(schema)) as object
}
