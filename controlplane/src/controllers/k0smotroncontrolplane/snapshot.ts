// Everything one pass over a K0smotronControlPlane knows — core
import {
  type Cluster,
  type K0smotronControlPlane,
  k0smotronControlPlane,
  knownEndpoint,
  ownerOfKind,
} from '@k0smotron-ts/api'
import { datastoreOf } from '../../hosted/datastore/choice.ts'
import { withFacts } from '../../hosted/facts/facts.ts'
import {
  type Endpoint,
  type HostedInput,
  type KnownEndpoints,
  type KnownInfrastructure,
  saidByMetadata,
} from '../../hosted/input.ts'
import { memoryOf } from '../../hosted/memory.ts'
import type { Observed } from '../../hosted/observed.ts'
import type { FoundInfrastructure } from '../../infrastructure/infrastructure-kind.ts'

/** Read once and frozen; a write of the pass gives a new one. */
export interface Snapshot {
  readonly controlPlane: K0smotronControlPlane
  /** The Cluster that owns the control plane; absent until core has set the owner, or when it is gone. */
  readonly cluster?: Cluster
  /** The infrastructure object, while Cluster API core waits for it. */
  readonly infrastructure?: FoundInfrastructure
  /** It is waited for, and our rights do not cover it. */
  readonly mayNotReadInfrastructure?: boolean
  /** What this pass wrote into our own endpoint. */
  readonly published?: Endpoint
  /** The control plane as every kind has one. */
  readonly hosted: Observed
}

/** Our own object and its Cluster: what everything else is found by. */
export type Roots = Pick<Snapshot, 'controlPlane' | 'cluster'>

/** The owner reference names the Cluster before it is read. */
export function clusterNameOf({ controlPlane, cluster }: Roots): string {
  return cluster?.metadata.name ?? ownerOfKind(controlPlane, 'Cluster')?.name ?? controlPlane.metadata.name ?? ''
}

export function hostedInput(roots: Roots, infrastructure: KnownInfrastructure | undefined): HostedInput {
  const { controlPlane, cluster } = roots
  const { name = '', namespace = '', uid = '' } = controlPlane.metadata
  const network = cluster?.spec?.clusterNetwork
  return {
    owner: { type: k0smotronControlPlane, name, namespace, uid },
    clusterName: clusterNameOf(roots),
    spec: controlPlane.spec,
    ...saidByMetadata(controlPlane.metadata, controlPlane.spec),
    ...(network && { network }),
    endpoints: endpointsOf(roots, infrastructure),
    ...(infrastructure && { infrastructure }),
    memory: memoryOf(controlPlane, controlPlane.status?.initialization?.controlPlaneInitialized === true),
    datastore: datastoreOf(controlPlane.spec),
  }
}

function endpointsOf(
  { controlPlane, cluster }: Roots,
  infrastructure: KnownInfrastructure | undefined,
): KnownEndpoints {
  const own = knownEndpoint(controlPlane.spec.controlPlaneEndpoint)
  const ofCluster = knownEndpoint(cluster?.spec?.controlPlaneEndpoint)
  const ref = cluster?.spec?.infrastructureRef
  return {
    objects: {
      ...(cluster && { cluster: `Cluster ${cluster.metadata.name}` }),
      ...(ref && { infrastructure: `${ref.kind} ${ref.name}` }),
    },
    field: 'spec.controlPlaneEndpoint',
    ...(own && { spec: own }),
    ...(ofCluster && { cluster: ofCluster }),
    ...(!ofCluster && infrastructure?.endpoint && { infrastructure: infrastructure.endpoint }),
  }
}

/** After a write to our own object. */
export function withControlPlane(snapshot: Snapshot, controlPlane: K0smotronControlPlane): Snapshot {
  const { hosted } = snapshot
  const input = hostedInput({ ...snapshot, controlPlane }, hosted.infrastructure)
  return { ...snapshot, controlPlane, hosted: withFacts({ ...hosted, ...input }) }
}
