// The infrastructure object of a Cluster: whose endpoint it has, and that it gets ours when it has none — shell
import { type ContractRef, knownEndpoint, type ResourceType } from '@k0smotron-ts/api'
import { ApiError, type Applied, type Clock, type GuardedPatch, isForbidden, type Shell } from '@k0smotron-ts/runtime'
import type { Roots, Snapshot } from '../controllers/k0smotroncontrolplane/snapshot.ts'
import { endpointForInfrastructure, endpointManager } from '../hosted/facts/exposure.ts'
import type { Endpoint } from '../hosted/input.ts'
import {
  crdNameOf,
  customResourceDefinitions,
  type InfrastructureCluster,
  kindWithEndpoint,
} from './infrastructure-kind.ts'

export interface Infrastructure {
  /**
   * The endpoint that the object has, while the Cluster has none: Cluster API core will take that one. The object is
   * watched for so long.
   */
  endpointOf(roots: Roots, shell: Shell): Promise<Endpoint | undefined>
  /**
   * Fills an empty `spec.controlPlaneEndpoint` of the object, while the Cluster has none either: the second of the two
   * writes to a user's spec that endpoints demand.
   */
  fillEndpoint(observed: Snapshot, shell: Shell): Promise<readonly Applied[]>
}

/** How long an answer about a CRD is used: a new release of an infrastructure provider may serve another version. */
const rememberedMs = 10 * 60_000

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
    if (known && clock.elapsed() - known.at < rememberedMs) return known.type
    const definition = await client.get(customResourceDefinitions, { name })
    const type = definition && kindWithEndpoint(definition, ref)
    if (definition) kinds.set(name, { type, at: clock.elapsed() })
    return type
  }

  async function find({ controlPlane, cluster }: Roots, shell: Shell): Promise<Found | undefined> {
    const ref = cluster?.spec?.infrastructureRef
    const isGoing = controlPlane.metadata.deletionTimestamp !== undefined
    const hasEndpoint = knownEndpoint(cluster?.spec?.controlPlaneEndpoint) !== undefined
    const type = ref && !isGoing && !hasEndpoint ? await typeOf(ref, shell) : undefined
    if (!ref || !type) return undefined
    const { namespace = '' } = controlPlane.metadata
    const object = await shell.read.referenced(type, { namespace, name: ref.name })
    return object && { type, object }
  }

  return {
    async endpointOf(roots, shell) {
      const found = await find(roots, shell).catch(unlessForbidden)
      return knownEndpoint(found?.object.spec?.controlPlaneEndpoint)
    },
    async fillEndpoint(observed, shell) {
      const endpoint = endpointForInfrastructure(observed.hosted)
      const found = endpoint && (await find(observed, shell).catch(unlessForbidden))
      if (!found || knownEndpoint(found.object.spec?.controlPlaneEndpoint)) return []
      return fill({ ...found, endpoint }, observed, shell)
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

async function fill(filling: Filling, { controlPlane }: Snapshot, shell: Shell): Promise<readonly Applied[]> {
  const { type, object } = filling
  try {
    await shell.patch(type, object, endpointAddition(filling))
    return []
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (!isForbidden(error)) return [{ object, result: 'refused', error }]
    // the control plane works without; only the infrastructure may be waiting
    const message = `${type.kind} ${object.metadata.name} cannot be told the endpoint: ${error.message}`
    shell.event(controlPlane, { type: 'Warning', reason: 'InfrastructureEndpointRefused', message })
    return []
  }
}

function endpointAddition({ object, endpoint }: Filling): GuardedPatch {
  const { uid, resourceVersion } = object.metadata
  return {
    fieldManager: endpointManager,
    operations: [
      { op: 'test', path: '/metadata/uid', value: uid },
      { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
      ...(object.spec ? [] : [{ op: 'add' as const, path: '/spec', value: {} }]),
      { op: 'add', path: '/spec/controlPlaneEndpoint', value: endpoint },
    ],
  }
}
