// Names and labels of what belongs to a JoinTokenRequest — core
import {
  clusterNamespaceAnnotation,
  type JoinTokenRequest,
  type KubeObject,
  type ObjectKey,
  shortened,
} from '@k0smotron-ts/api'
import type { TokenSubject } from '@k0smotron-ts/runtime'

/** On the Secret here and on the one in the workload cluster. */
export const requestLabel = 'k0smotron.io/token-request'

export type Role = NonNullable<JoinTokenRequest['spec']['role']>

export function roleOf({ spec }: JoinTokenRequest): Role {
  return spec.role ?? 'worker'
}

/** The Cluster that is joined; the annotation is how k0smotron keeps the namespace that v1beta1 can name. */
export function clusterKeyOf({ metadata, spec }: JoinTokenRequest): ObjectKey & { readonly namespace: string } {
  const { annotations, namespace = '' } = metadata
  return { namespace: annotations?.[clusterNamespaceAnnotation] || namespace, name: spec.clusterName }
}

/** Whether the request names that Cluster, still: its annotation can be changed. */
export function isMeant(request: JoinTokenRequest, { metadata }: KubeObject): boolean {
  const { namespace, name } = clusterKeyOf(request)
  return metadata.namespace === namespace && metadata.name === name
}

export function isAcrossNamespaces(request: JoinTokenRequest): boolean {
  return clusterKeyOf(request).namespace !== request.metadata.namespace
}

/** k0smotron's. */
export function labelsOf(request: JoinTokenRequest): Readonly<Record<string, string>> {
  return {
    'k0smotron.io/cluster': request.spec.clusterName,
    'k0smotron.io/role': roleOf(request),
    [requestLabel]: shortened(request.metadata.name ?? ''),
    'app.kubernetes.io/component': 'jointoken',
  }
}

/** Whose the token is in the workload cluster, where requests of several namespaces may meet. */
export function subjectOf(request: JoinTokenRequest): TokenSubject {
  const { name, namespace } = request.metadata
  const role = roleOf(request)
  return {
    label: requestLabel,
    value: shortened(`${namespace}.${name}`),
    description: `${role === 'worker' ? 'Worker' : 'Controller'} token of k0smotron for JoinTokenRequest ${namespace}/${name}`,
    role,
  }
}
