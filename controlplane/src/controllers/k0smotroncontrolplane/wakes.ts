// What wakes a control plane — core
import {
  type Cluster,
  clusterNameLabel,
  clusters,
  type K0smotronControlPlane,
  type KubeObject,
  k0smotronControlPlane,
} from '@k0smotron-ts/api'
import {
  configMaps,
  controllerRevisions,
  type Event,
  events,
  type Node,
  networkPolicies,
  nodes,
  podDisruptionBudgets,
  pods,
  secrets,
  services,
  statefulSets,
  type Wake,
  type WatchedType,
  wakeOn,
} from '@k0smotron-ts/runtime'
import {
  byClusterLabel,
  byClusterNameLabel,
  clusterIndex,
  eventKeys,
  needsNodeIndex,
  nodeKeys,
  objectIndex,
  objectKeys,
  ofClusterNamed,
  ownerClusterIndex,
  ownerIndex,
  selfKey,
  setIndex,
} from './indexes.ts'
import { bareNode, barePod, bareRevision, bareSecret } from './kept.ts'

const ours = 'app=k0smotron'

/** Everything that a pass reads, and everything that can end a wait. `namespace`: the only one to look at. */
export function wakesOf(namespace: string | undefined): readonly Wake[] {
  const within = namespace === undefined ? {} : { namespace }
  const owned = <T extends KubeObject>(watched: WatchedType<T>): Wake =>
    wakeOn({ ...within, ...watched, indexes: { owner: ownerIndex } }, objectKeys)
  const ofCluster = <T extends KubeObject>(watched: WatchedType<T>): Wake =>
    wakeOn({ ...within, ...watched, indexes: { cluster: clusterIndex } }, byClusterLabel)
  return [
    wakeOn<K0smotronControlPlane>(
      {
        ...within,
        type: k0smotronControlPlane,
        indexes: { cluster: ownerClusterIndex, needsNode: needsNodeIndex, object: objectIndex },
      },
      selfKey,
    ),
    wakeOn<Cluster>({ ...within, type: clusters }, (cluster, read) => ofClusterNamed(cluster, read)),
    // without a selector, so that what someone else has under our name wakes us when it goes
    owned({ type: services }),
    owned({ type: statefulSets }),
    owned({ type: networkPolicies }),
    owned({ type: podDisruptionBudgets }),
    // there are too many of them to watch all: one that stands in our way is looked at again with growing pauses
    owned({ type: configMaps, labelSelector: ours }),
    wakeOn({ ...within, type: secrets, labelSelector: clusterNameLabel, keep: bareSecret }, byClusterNameLabel),
    ofCluster({ type: pods, labelSelector: ours, keep: barePod }),
    ofCluster({ type: controllerRevisions, labelSelector: ours, keep: bareRevision }),
    wakeOn<Event>(
      {
        ...within,
        type: events,
        fieldSelector: 'reason=FailedCreate,involvedObject.kind=StatefulSet',
        indexes: { set: setIndex },
      },
      eventKeys,
    ),
    // nodes have no namespace; they matter only to those that wait for an address
    wakeOn<Node>({ type: nodes, keep: bareNode, indexes: { all: () => [''] } }, nodeKeys),
  ]
}
