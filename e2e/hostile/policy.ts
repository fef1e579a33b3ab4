// A policy of a workload cluster that refuses join tokens in other words each time — shell
import { setTimeout as delay } from 'node:timers/promises'
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import { clientOf, untilRefused } from '@k0smotron-ts/hack/testenv'
import { type Client, type KubeSecret, secrets } from '@k0smotron-ts/runtime'
import { type Arena, makeCluster, makeMachine } from './arena.ts'
import { machineCount } from './cluster.ts'

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

/** The machines of a cluster in the namespace of that name; resolves when each was refused, and more than once on average. */
export async function beginRefusals(arena: Arena, namespace: string): Promise<AsyncDisposable> {
  const { workload, management } = arena
  const client = clientOf(workload.connection)
  await refuseTokens(client, namespace)
  const mark = await workload.auditLog.mark()
  const count = async () =>
    (await workload.auditLog.since(mark)).filter(({ verb, status }) => verb === 'create' && status === 403).length
  await makeCluster(arena, namespace)
  for (let nth = 0; nth < machineCount; nth++) await makeMachine(management, namespace, `${namespace}-${nth}`)
  while ((await count()) < 2 * machineCount) await delay(100)
  return { [Symbol.asyncDispose]: () => client.close() }
}

/**
 * For the tokens of configs whose names begin so: other tenants of the test use the same API server. Resolves when it
 * refuses.
 */
async function refuseTokens(client: Client, prefix: string): Promise<void> {
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
  await untilRefused(client, secrets, token)
}
