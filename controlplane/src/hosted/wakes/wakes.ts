// What wakes a control plane, whatever its kind — core
import { clusterNameLabel, type KubeObject } from '@k0smotron-ts/api'
import {
  controllerRevisions,
  type Event,
  events,
  type KubeSecret,
  type Node,
  nodes,
  type PodDisruptionBudget,
  persistentVolumeClaims,
  podDisruptionBudgets,
  pods,
  secrets,
  type Wake,
  type WatchedType,
  wakeOn,
} from '@k0smotron-ts/runtime'
import { isConfig } from '../identity.ts'
import { appliedKinds, partSelector } from '../owned.ts'
import { projectClaim, projectNode, projectPod, projectRevision, projectSecret } from './cache-projection.ts'
import { concernedBy, type HostedKind, primaryIndexes } from './concerned.ts'
import { clusterIndex, ownerIndex, ownerlessIndex, rollingIndex, selectedIndex, selfKey, setIndex } from './indexes.ts'

/** A StatefulSet puts its selector on the claims that it makes. */
const claimSelector = `${partSelector},component=etcd`

const optional = { optional: true }
const all = () => ['']

/** Of Secrets only configurations are found by their owner; certificates are, by their names. One for all kinds, which share the watch. */
const labelledSecrets: WatchedType<KubeSecret> = {
  type: secrets,
  labelSelector: clusterNameLabel,
  keep: projectSecret,
  indexes: {
    owner: object => (isConfig(object) ? ownerIndex(object) : []),
    ownerless: object => (isConfig(object) ? ownerlessIndex(object) : []),
  },
}

/** Everything that a pass reads, and everything that can end a wait. `namespace`: the only one to look at. */
export function hostedWakes<T extends KubeObject>(
  hosted: HostedKind<T>,
  namespace: string | undefined,
): readonly Wake[] {
  const within = namespace === undefined ? {} : { namespace }
  const { type } = hosted
  const { byClusterLabel, byClusterNameLabel, byNode, byPart, byRefusedPod, bySelectedPod } = concernedBy(type)
  const ofCluster = <P extends KubeObject>({ indexes, ...watched }: WatchedType<P>): Wake =>
    wakeOn({ ...within, ...watched, indexes: { ...indexes, cluster: clusterIndex } }, byClusterLabel)
  return [
    wakeOn<T>({ ...within, type, indexes: primaryIndexes(hosted) }, selfKey),
    ...appliedKinds.map(({ type: owned, labelSelector, isOptional = false }) =>
      wakeOn(
        {
          ...within,
          type: owned,
          ...(labelSelector && { labelSelector }),
          indexes: { owner: ownerIndex, ownerless: ownerlessIndex, rolling: rollingIndex },
        },
        byPart,
        { optional: isOptional },
      ),
    ),
    // any of them may keep a pod from being replaced
    wakeOn<PodDisruptionBudget>(
      { ...within, type: podDisruptionBudgets, indexes: { selected: selectedIndex } },
      bySelectedPod,
      optional,
    ),
    wakeOn({ ...within, ...labelledSecrets }, byClusterNameLabel),
    ofCluster({ type: pods, labelSelector: partSelector, keep: projectPod }),
    ofCluster({ type: persistentVolumeClaims, labelSelector: claimSelector, keep: projectClaim }),
    ofCluster({ type: controllerRevisions, labelSelector: partSelector, keep: projectRevision }),
    wakeOn<Event>(
      {
        ...within,
        type: events,
        fieldSelector: 'reason=FailedCreate,involvedObject.kind=StatefulSet',
        indexes: { set: setIndex },
      },
      byRefusedPod,
      optional,
    ),
    // nodes have no namespace; they matter only to those that wait for an address
    wakeOn<Node>({ type: nodes, keep: projectNode, indexes: { all } }, byNode, optional),
  ]
}
