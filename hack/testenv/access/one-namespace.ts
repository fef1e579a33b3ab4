// Fewer rights for a provider: those of one namespace, by a RoleBinding alone — shell
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import type { Client } from '@k0smotron-ts/runtime'
import { install } from '../install/install.ts'

const apiGroup = 'rbac.authorization.k8s.io'
const bindings: ResourceType = {
  group: apiGroup,
  version: 'v1',
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  namespaced: false,
}
const accessReviews: ResourceType<KubeObject & { readonly status?: { readonly allowed: boolean } }> = {
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SubjectAccessReview',
  plural: 'subjectaccessreviews',
  namespaced: false,
}

/** As for a user who applies the first file of config/rbac only, and binds its role in that namespace, which is made. */
export async function limitToNamespace(client: Client, account: string, namespace: string): Promise<void> {
  for (const name of [account, `${account}-global`, `${account}-infrastructure`])
    await client.delete(bindings, { name })
  await install(client, [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: `${apiGroup}/v1`,
      kind: 'RoleBinding',
      metadata: { name: account, namespace },
      roleRef: { apiGroup, kind: 'ClusterRole', name: account },
      subjects: [{ kind: 'ServiceAccount', name: account, namespace: 'k0smotron' }],
    } as KubeObject,
  ])
}

/** What somebody may want to do; in all namespaces unless one is given. */
interface Access {
  readonly verb: string
  readonly resource: string
  readonly group?: string
  readonly namespace?: string
}

/** Whether the API server lets the provider do that. Its authorizer learns of roles a moment after they are stored. */
export async function may(client: Client, account: string, access: Access): Promise<boolean> {
  const spec = { user: `system:serviceaccount:k0smotron:${account}`, resourceAttributes: access }
  const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', metadata: {}, spec }
  return (await client.create(accessReviews, review)).status?.allowed === true
}

/** Whether the API server lets the provider list the Secrets of that namespace; of all without one. */
export function mayListSecrets(client: Client, account: string, namespace?: string): Promise<boolean> {
  return may(client, account, { verb: 'list', resource: 'secrets', ...(namespace !== undefined && { namespace }) })
}
