// The CustomResourceDefinition of a kind — core
import type { TSchema } from 'typebox'
import { apiVersionOf } from '../resource.ts'
import type { Kind } from './kind.ts'

/** A CRD as plain JSON, ready to be serialized; the same kind always gives the same object. */
export function crdOf(kind: Kind): object {
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
      versions: [{ name: version, served: true, storage: true, ...versionOf(kind) }],
    },
  }
}

function isOfClusterAPI(group: string): boolean {
  return group.endsWith('cluster.x-k8s.io')
}

function versionOf({ columns, scale, status, ...kind }: Kind): object {
  return {
    schema: { openAPIV3Schema: schemaOf({ ...kind, status }) },
    ...(columns.length > 0 && { additionalPrinterColumns: columns }),
    ...((status || scale) && { subresources: { ...(status && { status: {} }), ...(scale && { scale }) } }),
  }
}

/** Cluster API core copies a template as it is, also one that says nothing: a spec that needs nothing may be absent. */
function schemaOf(kind: Pick<Kind, 'group' | 'version' | 'kind' | 'description' | 'spec' | 'status'>): object {
  const isNeeded = (kind.spec as { readonly required?: readonly string[] }).required !== undefined
  return {
    type: 'object',
    description: kind.description,
    ...(isNeeded && { required: ['spec'] }),
    properties: {
      apiVersion: { type: 'string', description: `apiVersion is ${apiVersionOf(kind)}.` },
      kind: { type: 'string', description: `kind is ${kind.kind}.` },
      metadata: { type: 'object' },
      spec: { ...plain(kind.spec), ...(!isNeeded && { default: {} }) },
      ...(kind.status && { status: plain(kind.status) }),
    },
  }
}

/** Only what JSON keeps: schema values carry hidden type information. */
function plain(schema: TSchema): object {
  return JSON.parse(JSON.stringify(schema)) as object
}
