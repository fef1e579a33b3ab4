// Which control plane of a kind an object concerns — core
import {
  clusterNameLabel,
  isOfKind,
  type KubeObject,
  namesOf,
  type ObjectKey,
  type ResourceType,
} from '@k0smotron-ts/api'
import {
  type Event,
  type Pod,
  type PodDisruptionBudget,
  pods,
  type StatefulSet,
  type StoreReader,
  statefulSets,
} from '@k0smotron-ts/runtime'
import { datastoreOf } from '../datastore/choice.ts'
import { selects } from '../facts/budgets.ts'
import type { HostedSpec } from '../input.ts'
import { keyIn, namespaced, ownerlessIndex, selfKey } from './indexes.ts'

/** A kind of control plane, as far as its objects are found by what belongs to them. */
export interface HostedKind<T extends KubeObject> {
  readonly type: ResourceType<T>
  /** The workload cluster, which all names derive from. */
  readonly clusterNameOf: (object: T) => string
  /** With what stands for it where it says nothing. */
  readonly specOf: (object: T) => HostedSpec
}

/** Under what the control planes themselves are found. */
export function primaryIndexes<T extends KubeObject>({
  clusterNameOf,
  specOf,
}: HostedKind<T>): Readonly<Record<'cluster' | 'needsNode' | 'object', (object: T) => readonly string[]>> {
  return {
    cluster: (object: T) => namespaced(object.metadata.namespace, clusterNameOf(object)),
    /** Those that take a node's address for their endpoint. */
    needsNode: (object: T) => {
      const { service, externalAddress } = specOf(object)
      return service?.type === 'NodePort' && !externalAddress ? [''] : []
    },
    /** The names of everything that is applied for one: what someone else made under such a name stands in its way. */
    object: (object: T) =>
      appliedNames(clusterNameOf(object), specOf(object)).flatMap(name => namespaced(object.metadata.namespace, name)),
  }
}

function appliedNames(cluster: string, spec: HostedSpec): readonly string[] {
  const names = namesOf(cluster)
  const ofDatastore = Object.values(datastoreOf(spec).objectNames(names))
  return [...new Set([...Object.values(names.service), names.statefulSet, ...ofDatastore])]
}

type Concerned = (object: KubeObject, read: StoreReader) => readonly ObjectKey[]

/** From an object to the control planes of a kind that it concerns. */
export interface ConcernedBy {
  /** By the name of the object itself. */
  readonly byName: Concerned
  /** Pods and revisions carry the cluster's name as a plain label. */
  readonly byClusterLabel: Concerned
  /** Secrets of the contract, a user's own among them, carry Cluster API's label. */
  readonly byClusterNameLabel: Concerned
  /** The one that the object belongs to, or else stands in the way of, or would belong to. */
  readonly byPart: Concerned
  /** The one whose StatefulSet could not create a pod. */
  readonly byRefusedPod: (event: Event, read: StoreReader) => readonly ObjectKey[]
  /** Those that may wait for the budget, since it selects their pods. */
  readonly bySelectedPod: (budget: PodDisruptionBudget, read: StoreReader) => readonly ObjectKey[]
  readonly byNode: Concerned
}

function podsOf({ metadata, spec }: StatefulSet, read: StoreReader): readonly Pod[] {
  const id = namespaced(metadata.namespace, spec?.selector?.matchLabels?.cluster)
  return id.flatMap(one => read.by(pods, 'cluster', one))
}

export function concernedBy(type: ResourceType): ConcernedBy {
  const ofClusterNamed = ({ metadata }: KubeObject, read: StoreReader, name: string | undefined) =>
    read.by(type, 'cluster', `${metadata.namespace}/${name}`).flatMap(selfKey)

  /** The one that is the controller of the object. */
  const controllerKey = ({ metadata }: KubeObject): readonly ObjectKey[] => {
    const owner = metadata.ownerReferences?.find(({ controller }) => controller)
    return owner && isOfKind(owner, type) ? [keyIn(metadata.namespace, owner.name)] : []
  }

  return {
    byName: (object, read) => ofClusterNamed(object, read, object.metadata.name),
    byClusterLabel: (object, read) => ofClusterNamed(object, read, object.metadata.labels?.cluster),
    byClusterNameLabel: (object, read) => ofClusterNamed(object, read, object.metadata.labels?.[clusterNameLabel]),
    byPart: (object, read) => {
      const controller = controllerKey(object)
      if (controller.length > 0) return controller
      const { namespace, name } = object.metadata
      const named = read.by(type, 'object', `${namespace}/${name}`).flatMap(selfKey)
      const labelled = ownerlessIndex(object).flatMap(id => read.by(type, 'cluster', id).flatMap(selfKey))
      return named.length > 0 ? named : labelled
    },
    byRefusedPod: ({ involvedObject }, read) => {
      const { namespace, name } = involvedObject ?? {}
      const set = name === undefined ? undefined : read.get(statefulSets, keyIn(namespace, name))
      return set ? controllerKey(set) : []
    },
    bySelectedPod: (budget, read) => {
      const { namespace = '' } = budget.metadata
      const cluster = budget.spec?.selector?.matchLabels?.cluster
      if (cluster !== undefined) return ofClusterNamed(budget, read, cluster)
      // there may be thousands of budgets and of control planes, and next to none of these waits
      const isSelected = (set: StatefulSet) => podsOf(set, read).some(pod => selects(budget, pod))
      return read.by(statefulSets, 'rolling', namespace).filter(isSelected).flatMap(controllerKey)
    },
    byNode: (_, read) => read.by(type, 'needsNode', '').flatMap(selfKey),
  }
}
