// A policy of a workload cluster that refuses join tokens in other words each time — shell
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import { ApiError, type Client, type KubeSecret, keyOf, secrets } from '@k0smotron-ts/runtime'

const group = 'admissionregistration.k8s.io'
const apiVersion = `${group}/v1`
const served = { group, version: 'v1', namespaced: false } as const

type Spec = KubeObject & { readonly spec: object }

const policies: ResourceType<Spec> = {
  ...served,
  kind: 'ValidatingAdmissionPolicy',
  plural: 'validatingadmissionpolicies',
}
const bindings: ResourceType<Spec> = {
  ...served,
  kind: 'ValidatingAdmissionPolicyBinding',
  plural: 'validatingadmissionpolicybindings',
}

const label = "object.metadata.labels['k0smotron.io/worker-config']"

/**
 * For the tokens of configs whose names begin so: other tenants of the test use the same API server. Resolves when it
 * refuses.
 */
export async function refuseTokens(client: Client, prefix: string): Promise<void> {
  const metadata = { name: 'no-join-tokens' }
  const expressions = ["object.metadata.name.startsWith('bootstrap-token-')", `${label}.startsWith('${prefix}')`]
  await client.create(policies, {
    apiVersion,
    kind: policies.kind,
    metadata,
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['secrets'] }],
      },
      matchConditions: expressions.map((expression, nth) => ({ name: `part-${nth}`, expression })),
      validations: [
        {
          expression: 'false',
          reason: 'Forbidden',
          messageExpression: "'refused, see request ' + object.metadata.uid",
        },
      ],
    },
  })
  const spec = { policyName: metadata.name, validationActions: ['Deny'] }
  await client.create(bindings, { apiVersion, kind: bindings.kind, metadata, spec })
  const token: KubeSecret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'bootstrap-token-trial0',
      namespace: 'kube-system',
      labels: { 'k0smotron.io/worker-config': prefix },
    },
  }
  while (await isTaken(client, token));
}

/** A policy that was made is not in force at once. */
async function isTaken(client: Client, token: KubeSecret): Promise<boolean> {
  try {
    await client.create(secrets, token)
    await client.delete(secrets, keyOf(token))
    return true
  } catch (error) {
    if (error instanceof ApiError && error.reason === 'Forbidden') return false
    throw error
  }
}
