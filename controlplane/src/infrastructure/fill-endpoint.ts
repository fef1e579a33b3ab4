// Gives infrastructure that waits for an endpoint ours — shell
import type { ContractRef, ResourceType } from '@k0smotron-ts/api'
import { type Clock, isForbidden, type Shell } from '@k0smotron-ts/runtime'
import { type Endpoint, endpointForInfrastructure, endpointManager } from '../hosted/exposure.ts'
import type { Observed } from '../hosted/observed.ts'
import {
  crdNameOf,
  customResourceDefinitions,
  hasEndpoint,
  type InfrastructureCluster,
  kindWithEndpoint,
} from './infrastructure-kind.ts'

export type FillEndpoint = (observed: Observed, shell: Shell) => Promise<void>

/** So long a CRD is believed: a new release of an infrastructure provider may serve another version. */
const believedMs = 10 * 60_000

interface Known {
  readonly type: ResourceType<InfrastructureCluster> | undefined
  readonly at: number
}

/**
 * Fills an empty `spec.controlPlaneEndpoint` of the infrastructure object, while the Cluster has none either: the second
 * of the two writes to a user's spec that endpoints demand (D2). The object is watched for as long as it lacks one.
 */
export function createFillEndpoint(clock: Clock): FillEndpoint {
  const kinds = new Map<string, Known>()

  async function typeOf(ref: ContractRef, { client }: Shell): Promise<ResourceType<InfrastructureCluster> | undefined> {
    const name = crdNameOf(ref)
    const known = kinds.get(name)
    if (known && clock.elapsed() - known.at < believedMs) return known.type
    const definition = await client.get(customResourceDefinitions, { name })
    const type = definition && kindWithEndpoint(definition, ref)
    if (definition) kinds.set(name, { type, at: clock.elapsed() })
    return type
  }

  return async (observed, shell) => {
    const endpoint = endpointForInfrastructure(observed)
    const ref = observed.cluster?.spec?.infrastructureRef
    const { namespace = '' } = observed.controlPlane.metadata
    const type = endpoint && ref && (await typeOf(ref, shell))
    if (!type) return
    const object = await shell.read.referenced(type, { namespace, name: ref.name })
    if (!object || hasEndpoint(object)) return
    await fill({ type, object, endpoint }, observed, shell)
  }
}

interface Filling {
  readonly type: ResourceType<InfrastructureCluster>
  readonly object: InfrastructureCluster
  readonly endpoint: Endpoint
}

async function fill({ type, object, endpoint }: Filling, { controlPlane }: Observed, shell: Shell): Promise<void> {
  const { uid, resourceVersion, name } = object.metadata
  const guards = [
    { op: 'test' as const, path: '/metadata/uid', value: uid },
    { op: 'test' as const, path: '/metadata/resourceVersion', value: resourceVersion },
  ]
  const parent = object.spec ? [] : [{ op: 'add' as const, path: '/spec', value: {} }]
  const addition = { op: 'add' as const, path: '/spec/controlPlaneEndpoint', value: endpoint }
  try {
    await shell.patch(type, object, { fieldManager: endpointManager, operations: [...guards, ...parent, addition] })
  } catch (error) {
    if (!isForbidden(error)) throw error
    // the control plane works without; only the infrastructure may be waiting
    const message = `${type.kind} ${name} cannot be told the endpoint: ${error.message}`
    shell.event(controlPlane, { type: 'Warning', reason: 'InfrastructureEndpointRefused', message })
  }
}
