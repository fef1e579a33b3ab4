// The steps of a cluster with one worker, each by the state that shows it — shell
import type { KubeObject, ObjectKey } from '@k0smotron-ts/api'
import { configMaps, secrets, services, statefulSets } from '@k0smotron-ts/runtime'
import {
  beside,
  besideAs,
  type Coming,
  exists,
  isSeen,
  isUp,
  onConfig,
  onControlPlane,
  onNode,
  type Sight,
  secretOfConfig,
  seen,
  workloadToken,
  wouldShow,
} from './sights.ts'

export interface Step {
  readonly name: string
  /** Resolves when it has happened. */
  reached(coming: Coming): Promise<unknown>
  /** Whether it has. */
  isReached(coming: Coming): Promise<boolean>
  /** Whether writing this object would be it. */
  isBroughtBy(object: KubeObject, cluster: ObjectKey): boolean
  readonly where: Sight<KubeObject>['where']
  readonly plural: string
}

/** In the order in which they happen when nobody disturbs. */
export const steps: readonly Step[] = [
  step(
    'the control plane has its finalizer',
    onControlPlane(({ metadata }) => (metadata.finalizers ?? []).length > 0),
  ),
  step(
    'the first authority is made',
    beside(secrets, names => names.ca),
  ),
  step(
    'the last certificate is made',
    beside(secrets, names => names.etcdPeer),
  ),
  step(
    'the Service is made',
    beside(services, names => names.service.NodePort),
  ),
  step(
    'the endpoint is published',
    onControlPlane(({ spec }) => spec.controlPlaneEndpoint !== undefined),
  ),
  step(
    'the configuration is stored',
    besideAs(configMaps, names => `${names.config}-`),
  ),
  step(
    'the pods are ordered',
    beside(statefulSets, names => names.statefulSet),
  ),
  step(
    'the kubeconfig is made',
    beside(secrets, names => names.kubeconfig),
  ),
  step(
    'the datastore is ready',
    beside(statefulSets, names => names.etcd, isUp),
  ),
  step(
    'the control plane is ready',
    beside(statefulSets, names => names.statefulSet, isUp),
  ),
  step(
    'the control plane is initialized',
    onControlPlane(({ status }) => status?.initialization?.controlPlaneInitialized === true),
  ),
  step('the worker has its config', onConfig(exists)),
  step('the join token is made', secretOfConfig('-join-token')),
  step('the workload cluster knows the token', workloadToken),
  step('the bootstrap data is stored', secretOfConfig('')),
  step(
    'the bootstrap data is announced',
    onConfig(({ status }) => status?.dataSecretName !== undefined),
  ),
  step('the node has registered', onNode(exists)),
  step(
    'the node has its provider ID',
    onNode(({ spec }) => spec?.providerID !== undefined),
  ),
]

/** The resources of the management cluster, and of the workload cluster, in which steps can be seen. */
export const resourcesIn = (where: Step['where']): readonly string[] => [
  ...new Set(steps.filter(one => one.where === where).map(({ plural }) => plural)),
]

function step<T extends KubeObject>(name: string, sight: Sight<T>): Step {
  return {
    name,
    where: sight.where,
    plural: sight.type.plural,
    reached: coming => seen(sight, coming),
    isReached: coming => isSeen(sight, coming),
    isBroughtBy: (object, cluster) => wouldShow(sight, object, cluster),
  }
}
