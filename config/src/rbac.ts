// Roles, bindings and service account of a provider — core
import type { Rights, Rule } from '@k0smotron-ts/runtime/rbac'

/** k0smotron's namespace, so that old and new cannot run side by side unnoticed. */
export const providerNamespace = 'k0smotron'

const apiGroup = 'rbac.authorization.k8s.io'
const apiVersion = `${apiGroup}/v1`

/** A file of its own for each set of rights that can be left out. */
export interface RbacFile {
  readonly name: string
  /** In the order in which they are applied. */
  readonly objects: readonly object[]
}

/** `provider`: the value of Cluster API's label that says what an object belongs to. */
export function rbacOf(rights: Rights, provider: string): readonly RbacFile[] {
  const { name, everywhere, infrastructure } = rights
  const labels = { 'cluster.x-k8s.io/provider': provider }
  const main: Labelled = { name, labels, account: name }
  const global: Labelled = { ...main, name: `${name}-global` }
  const wildcard: Labelled = { ...main, name: `${name}-infrastructure` }
  return [
    { name, objects: [...account(main, rights.own), clusterRole(main, rights.inNamespaces)] },
    { name: `${name}-all-namespaces`, objects: [clusterRoleBinding(main)] },
    { name: global.name, objects: [clusterRole(global, everywhere), clusterRoleBinding(global)] },
    ...(infrastructure
      ? [{ name: wildcard.name, objects: [clusterRole(wildcard, infrastructure), clusterRoleBinding(wildcard)] }]
      : []),
  ]
}

interface Labelled {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly account: string
}

/** The service account, and what it may do in its own namespace. */
function account({ name, labels, account: user }: Labelled, rules: readonly Rule[]): readonly object[] {
  const metadata = { name, namespace: providerNamespace, labels }
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { apiVersion, kind: 'Role', metadata, rules },
    { apiVersion, kind: 'RoleBinding', metadata, roleRef: { apiGroup, kind: 'Role', name }, subjects: subjects(user) },
  ]
}

function clusterRole({ name, labels }: Labelled, rules: readonly Rule[]): object {
  return { apiVersion, kind: 'ClusterRole', metadata: { name, labels }, rules }
}

function clusterRoleBinding({ name, labels, account: user }: Labelled): object {
  const roleRef = { apiGroup, kind: 'ClusterRole', name }
  return { apiVersion, kind: 'ClusterRoleBinding', metadata: { name, labels }, roleRef, subjects: subjects(user) }
}

function subjects(name: string): readonly object[] {
  return [{ kind: 'ServiceAccount', name, namespace: providerNamespace }]
}
