// Everything one pass over a Cluster of k0smotron.io knows — core
import {
  controlPlaneCondition,
  type K0smotronCluster,
  k0smotronCluster,
  knownEndpoint,
  serviceAdditions,
} from '@k0smotron-ts/api'
import { conditionIn } from '@k0smotron-ts/runtime'
import { datastoreOf } from '../../hosted/datastore/choice.ts'
import { withFacts } from '../../hosted/facts/facts.ts'
import { type HostedInput, type HostedSpec, type KnownEndpoints, saidByMetadata } from '../../hosted/input.ts'
import { memoryOf } from '../../hosted/memory.ts'
import type { Observed } from '../../hosted/observed.ts'

const { initialized } = controlPlaneCondition

/** Read once and frozen; a write of the pass gives a new one. */
export interface Snapshot {
  readonly cluster: K0smotronCluster
  /** The version in use, where the spec names none. */
  readonly defaultVersion?: string
  /** The control plane as every kind has one. */
  readonly hosted: Observed
}

/** A Cluster that says nothing is reached from everywhere: there is no infrastructure that would lead to a ClusterIP. */
export function specOf({ spec }: K0smotronCluster): HostedSpec {
  return spec.service ? spec : { ...spec, service: { type: 'NodePort' } }
}

export function hostedInput(cluster: K0smotronCluster, defaultVersion: string | undefined): HostedInput {
  const { name = '', namespace = '', uid = '' } = cluster.metadata
  return {
    owner: { type: k0smotronCluster, name, namespace, uid },
    clusterName: name,
    spec: { ...specOf(cluster), ...(defaultVersion !== undefined && { version: defaultVersion }) },
    ...saidByMetadata(cluster.metadata, cluster.spec),
    endpoints: endpointsOf(cluster),
    serviceAdditions: serviceAdditions(cluster.metadata),
    memory: memoryOf(cluster, conditionIn(cluster.status?.conditions, initialized)?.status === 'True'),
    datastore: datastoreOf(cluster.spec),
  }
}

/** The published one, which the status has; another address in the spec takes its place, with the port of now. */
function endpointsOf({ spec: { externalAddress }, status }: K0smotronCluster): KnownEndpoints {
  const published = knownEndpoint(status?.publishedEndpoint)
  const isMoved = externalAddress && published && externalAddress !== published.host
  const moved = isMoved && { host: externalAddress, port: status?.ports?.api ?? published.port }
  const own = moved || published
  return { field: 'spec.externalAddress', ...(own && { spec: own }) }
}

/** After a write to our own object. */
export function withCluster(snapshot: Snapshot, cluster: K0smotronCluster): Snapshot {
  const input = hostedInput(cluster, snapshot.defaultVersion)
  return { ...snapshot, cluster, hosted: withFacts({ ...snapshot.hosted, ...input }) }
}
