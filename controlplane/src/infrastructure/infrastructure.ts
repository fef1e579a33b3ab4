// The infrastructure object of a Cluster: whose endpoint it has, and that it gets ours when it has none — shell
import { type ContractRef, knownEndpoint, type ResourceType } from '@k0smotron-ts/api'
import { type Clock, isForbidden, type Shell } from '@k0smotron-ts/runtime'
import { clusterEndpoint, type Endpoint, endpointForInfrastructure, endpointManager } from '../hosted/exposure.ts'
import type { Observed } from '../hosted/observed.ts'
import {
  crdNameOf,
  customResourceDefinitions,
  type InfrastructureCluster,
  kindWithEndpoint,
} from './infrastructure-kind.ts'

export interface Infrastructure {
  /**
   * With the endpoint that the object has, while the Cluster has none: core will take that one. The object is watched
   * for so long.
   */
  observe(observed: Observed, shell: Shell): Promise<Observed>
  /**
   * Fills an empty `spec.controlPlaneEndpoint` of the object, while the Cluster has none either: the second of the two
   * writes to a user's spec that endpoints demand (D2).
   */
  fillEndpoint(observed: Observed, shell: Shell): Promise<void>
}

/** So long a CRD is believed: a new release of an infrastructure provider may serve another version. */
const believedMs = 10 * 60_000

type InfrastructureType = ResourceType<InfrastructureCluster>

interface Known {
  readonly type: InfrastructureType | undefined
  readonly at: number
}

interface Found {
  readonly type: InfrastructureType
  readonly object: InfrastructureCluster
}

export function createInfrastructure(clock: Clock): Infrastructure {
  const kinds = new Map<string, Known>()

  async function typeOf(ref: ContractRef, { client }: Shell): Promise<InfrastructureType | undefined> {
    const name = crdNameOf(ref)
    const known = kinds.get(name)
    if (known && clock.elapsed() - known.at < believedMs) return known.type
    const definition = await client.get(customResourceDefinitions, { name })
    const type = definition && kindWithEndpoint(definition, ref)
    if (definition) kinds.set(name, { type, at: clock.elapsed() })
    return type
  }

  async function find(observed: Observed, shell: Shell): Promise<Found | undefined> {
    const ref = observed.cluster?.spec?.infrastructureRef
    const type = ref && !clusterEndpoint(observed) ? await typeOf(ref, shell) : undefined
    if (!ref || !type) return undefined
    const { namespace = '' } = observed.controlPlane.metadata
    const object = await shell.read.referenced(type, { namespace, name: ref.name })
    return object && { type, object }
  }

  return {
    async observe(observed, shell) {
      const found = await find(observed, shell).catch(unlessForbidden)
      const infrastructureEndpoint = knownEndpoint(found?.object.spec?.controlPlaneEndpoint)
      return infrastructureEndpoint ? { ...observed, infrastructureEndpoint } : observed
    },
    async fillEndpoint(observed, shell) {
      const endpoint = endpointForInfrastructure(observed)
      const found = endpoint && (await find(observed, shell).catch(unlessForbidden))
      if (!found || knownEndpoint(found.object.spec?.controlPlaneEndpoint)) return
      await fill({ ...found, endpoint }, observed, shell)
    },
  }
}

/** The control plane works without knowing the infrastructure, which may be of a group that we have no right to. */
function unlessForbidden(error: unknown): undefined {
  if (!isForbidden(error)) throw error
}

interface Filling extends Found {
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
