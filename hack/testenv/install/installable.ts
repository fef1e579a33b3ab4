// What manifests that are installed consist of — core
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'

const cluster = { version: 'v1', namespaced: false } as const
const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1' } as const
const admission = { ...cluster, group: 'admissionregistration.k8s.io' } as const

export const definitionType: ResourceType = {
  ...cluster,
  group: 'apiextensions.k8s.io',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
}

const types: readonly ResourceType[] = [
  { ...cluster, group: '', kind: 'Namespace', plural: 'namespaces' },
  definitionType,
  { ...rbac, namespaced: false, kind: 'ClusterRole', plural: 'clusterroles' },
  { ...rbac, namespaced: false, kind: 'ClusterRoleBinding', plural: 'clusterrolebindings' },
  { ...rbac, namespaced: true, kind: 'Role', plural: 'roles' },
  { ...rbac, namespaced: true, kind: 'RoleBinding', plural: 'rolebindings' },
  { ...cluster, group: '', namespaced: true, kind: 'ServiceAccount', plural: 'serviceaccounts' },
  { ...admission, kind: 'MutatingWebhookConfiguration', plural: 'mutatingwebhookconfigurations' },
  { ...admission, kind: 'ValidatingWebhookConfiguration', plural: 'validatingwebhookconfigurations' },
]

/** `undefined`: it describes a Deployment, its certificates or its Service, and no process needs it. */
export function typeToInstall({ kind }: KubeObject): ResourceType | undefined {
  return types.find(type => type.kind === kind)
}
