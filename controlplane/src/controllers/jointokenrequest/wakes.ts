// What wakes a JoinTokenRequest — core
import {
  clusterNameLabel,
  isOfKind,
  type JoinTokenRequest,
  joinTokenRequest,
  type K0smotronCluster,
  type KubeObject,
  k0smotronCluster,
  type ObjectKey,
} from '@k0smotron-ts/api'
import { type StoreReader, secrets, services, type Wake, wakeOn } from '@k0smotron-ts/runtime'
import { projectSecret } from '../../hosted/wakes/cache-projection.ts'
import { keyIn, selfKey } from '../../hosted/wakes/indexes.ts'
import { clusterKeyOf, requestLabel } from './identity.ts'

/** Everything that a pass reads, and everything that can end a wait. `namespace`: the only one to look at. */
export function wakesOf(namespace: string | undefined): readonly Wake[] {
  const within = namespace === undefined ? {} : { namespace }
  return [
    wakeOn<JoinTokenRequest>(
      { ...within, type: joinTokenRequest, indexes: { joined: joinedIndex, known: knownIndex } },
      selfKey,
    ),
    wakeOn<K0smotronCluster>(
      { ...within, type: k0smotronCluster, indexes: { uid: uidIndex } },
      ({ metadata }, read) => [
        ...joining(metadata.namespace, metadata.name, read),
        ...read.by(joinTokenRequest, 'known', metadata.uid ?? '').flatMap(selfKey),
      ],
    ),
    wakeOn({ ...within, type: secrets, labelSelector: requestLabel }, requestKeys),
    wakeOn({ ...within, type: secrets, labelSelector: clusterNameLabel, keep: projectSecret }, ({ metadata }, read) =>
      joining(metadata.namespace, metadata.labels?.[clusterNameLabel], read),
    ),
    // only a way to the API server: whoever is asked through another one answers the same
    wakeOn({ ...within, type: services }, () => []),
  ]
}

/** By the Cluster that is joined. */
function joinedIndex(request: JoinTokenRequest): readonly string[] {
  const { namespace, name } = clusterKeyOf(request)
  return [`${namespace}/${name}`]
}

/** By the Cluster that knows the token, whichever is named since. */
function knownIndex({ status }: JoinTokenRequest): readonly string[] {
  return status?.clusterUID === undefined ? [] : [status.clusterUID]
}

function uidIndex({ metadata }: KubeObject): readonly string[] {
  return metadata.uid === undefined ? [] : [metadata.uid]
}

function joining(namespace: string | undefined, name: string | undefined, read: StoreReader): readonly ObjectKey[] {
  return read.by(joinTokenRequest, 'joined', `${namespace}/${name}`).flatMap(selfKey)
}

/** The request whose token the Secret has; or in whose way it stands, since a restore took its owner. */
function requestKeys(secret: KubeObject): readonly ObjectKey[] {
  const owner = secret.metadata.ownerReferences?.find(({ controller }) => controller)
  if (!owner) return selfKey(secret)
  return isOfKind(owner, joinTokenRequest) ? [keyIn(secret.metadata.namespace, owner.name)] : []
}
