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
  controllerRevisions,
  type Event,
  events,
  type Node,
  nodes,
  pods,
  secrets,
  type Wake,
  type WatchedType,
  wakeOn,
} from '@k0smotron-ts/runtime'
import { ownedKinds, partSelector } from '../../../hosted/owned.ts'
import { projectNode, projectPod, projectRevision, projectSecret } from './cache-projection.ts'
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
  ownerlessIndex,
  selfKey,
  setIndex,
} from './indexes.ts'

const optional = { optional: true }

/** Everything that a pass reads, and everything that can end a wait. `namespace`: the only one to look at. */
export function wakesOf(namespace: string | undefined): readonly Wake[] {
  const within = namespace === undefined ? {} : { namespace }
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
    ...ownedKinds.map(({ type, labelSelector, isOptional = false }) =>
      wakeOn(
        {
          ...within,
          type,
          ...(labelSelector && { labelSelector }),
          indexes: { owner: ownerIndex, ownerless: ownerlessIndex },
        },
        objectKeys,
        { optional: isOptional },
      ),
    ),
    wakeOn({ ...within, type: secrets, labelSelector: clusterNameLabel, keep: projectSecret }, byClusterNameLabel),
    ofCluster({ type: pods, labelSelector: partSelector, keep: projectPod }),
    ofCluster({ type: controllerRevisions, labelSelector: partSelector, keep: projectRevision }),
    wakeOn<Event>(
      {
        ...within,
        type: events,
        fieldSelector: 'reason=FailedCreate,involvedObject.kind=StatefulSet',
        indexes: { set: setIndex },
      },
      eventKeys,
      optional,
    ),
    // nodes have no namespace; they matter only to those that wait for an address
    wakeOn<Node>({ type: nodes, keep: projectNode, indexes: { all: () => [''] } }, nodeKeys, optional),
  ]
}
