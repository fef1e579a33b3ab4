// Roles, bindings and service account of a provider — core
import type { Rights } from '@k0smotron-ts/runtime/rbac'

/** k0smotron's namespace, so that old and new cannot run side by side unnoticed. */
export const providerNamespace = 'k0smotron'

/** The objects in the order in which they are applied. */
export function rbacOf({ name, cluster, namespace }: Rights): readonly object[] {
  const metadata = { name }
  const own = { name, namespace: providerNamespace }
  const subjects = [{ kind: 'ServiceAccount', ...own }]
  const roleRef = (kind: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name })
  const rbac = 'rbac.authorization.k8s.io/v1'
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: own },
    { apiVersion: rbac, kind: 'ClusterRole', metadata, rules: cluster },
    { apiVersion: rbac, kind: 'ClusterRoleBinding', metadata, roleRef: roleRef('ClusterRole'), subjects },
    { apiVersion: rbac, kind: 'Role', metadata: own, rules: namespace },
    { apiVersion: rbac, kind: 'RoleBinding', metadata: own, roleRef: roleRef('Role'), subjects },
  ]
}
