// An admission policy against pods in one namespace — shell
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import { install } from '@k0smotron-ts/hack/testenv'
import { ApiError, type Client, type Pod, pods } from '@k0smotron-ts/runtime'
import { expect } from 'vitest'

const group = 'admissionregistration.k8s.io'
type WithSpec = KubeObject & { readonly spec: object }
const served = { group, version: 'v1', namespaced: false } as const
const policies: ResourceType<WithSpec> = {
  ...served,
  kind: 'ValidatingAdmissionPolicy',
  plural: 'validatingadmissionpolicies',
}
const bindings: ResourceType<WithSpec> = {
  ...served,
  kind: 'ValidatingAdmissionPolicyBinding',
  plural: 'validatingadmissionpolicybindings',
}

interface Refusing {
  /** The namespace, which is made; the policy has its name. */
  readonly where: string
  /** In CEL: what must hold of a pod. */
  readonly unless: string
  readonly message: string
}

/** Resolves when the policy is in force: it refuses a pod as people write it, with the token of its service account. */
export async function refusePods(client: Client, { where, unless, message }: Refusing): Promise<void> {
  await install(client, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: where } }])
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }
  await create(client, policies, where, {
    failurePolicy: 'Fail',
    matchConstraints: { resourceRules: [rule] },
    validations: [{ expression: unless, message }],
  })
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': where } }
  await create(client, bindings, where, {
    policyName: where,
    validationActions: ['Deny'],
    matchResources: { namespaceSelector },
  })
  await expect.poll(() => refusalOfPod(client, where)).toContain(message)
}

export function allowPods(client: Client, where: string): Promise<void> {
  return client.delete(bindings, { name: where })
}

function create(client: Client, type: ResourceType<WithSpec>, name: string, spec: object): Promise<WithSpec> {
  return client.create(type, { apiVersion: `${group}/v1`, kind: type.kind, metadata: { name }, spec })
}

async function refusalOfPod(client: Client, namespace: string): Promise<string> {
  const metadata = { name: 'trial', namespace }
  const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [{ name: 'a', image: 'a' }] } }
  try {
    await client.create(pods, pod)
    await client.delete(pods, metadata, { gracePeriodSeconds: 0 })
    return ''
  } catch (error) {
    if (error instanceof ApiError) return error.message
    throw error
  }
}
