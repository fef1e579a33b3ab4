// What a management cluster needs before the lab provider runs: kinds and rights — core
import type { KubeObject } from '@k0smotron-ts/api'
import { crdOf } from '@k0smotron-ts/api/schema'
import { labKinds } from './kinds/kinds.ts'
import { labRights } from './rights.ts'

/** In the order in which they are applied. The service account is in `namespace`, which must exist. */
export function labManifests(namespace: string): readonly KubeObject[] {
  return [...labKinds.map(kind => crdOf(kind)), ...accessIn(namespace)] as readonly KubeObject[]
}

function accessIn(namespace: string): readonly object[] {
  const { name, inNamespaces, everywhere, own } = labRights
  const apiVersion = 'rbac.authorization.k8s.io/v1'
  const subjects = [{ kind: 'ServiceAccount', name, namespace }]
  const refer = (kind: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name })
  const metadata = { name, namespace }
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { apiVersion, kind: 'ClusterRole', metadata: { name }, rules: [...inNamespaces, ...everywhere] },
    { apiVersion, kind: 'ClusterRoleBinding', metadata: { name }, roleRef: refer('ClusterRole'), subjects },
    { apiVersion, kind: 'Role', metadata, rules: own },
    { apiVersion, kind: 'RoleBinding', metadata, roleRef: refer('Role'), subjects },
  ]
}
