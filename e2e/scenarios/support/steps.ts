// The steps of a cluster with one worker, each by the state that shows it — shell
import type { KubeObject } from '@k0smotron-ts/api'
import { configMaps, secrets, services, statefulSets } from '@k0smotron-ts/runtime'
import {
  beside,
  type Coming,
  exists,
  type Find,
  hostedToken,
  isUp,
  onConfig,
  onControlPlane,
  onNode,
  secretOfConfig,
  seen,
} from './sights.ts'

export interface Step {
  readonly name: string
  /** Resolves when it has happened. */
  reached(coming: Coming): Promise<unknown>
  /** Whether it has; for a step whose predecessor has happened. */
  isReached(coming: Coming): Promise<boolean>
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
    beside(configMaps, names => names.config),
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
  step('the hosted cluster knows the token', hostedToken),
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

function step<T extends KubeObject>(name: string, find: Find<T>): Step {
  return {
    name,
    reached: async coming => seen(await find(coming)),
    async isReached(coming) {
      const { client, type, key, holds } = await find(coming)
      const object = await client.get(type, key)
      return object !== undefined && holds(object)
    },
  }
}
