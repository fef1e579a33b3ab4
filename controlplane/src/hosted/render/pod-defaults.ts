// What the pods of k0s and of etcd have in common — core
import { type StatefulSet, stripEmpty } from '@k0smotron-ts/runtime'
import { electsLeader } from '../facts/members.ts'
import { type PodComponent, selectorOf } from '../identity.ts'
import type { Observed } from '../observed.ts'

export type PodSpec = NonNullable<NonNullable<NonNullable<StatefulSet['spec']>['template']>['spec']>
export type Container = PodSpec['containers'][number]

/** Where pods go: apart from each other by zone and host if that can be had, unless the user says otherwise. */
export function placementOf(
  observed: Observed,
  component: PodComponent,
): Pick<PodSpec, 'affinity' | 'topologySpreadConstraints'> {
  const { topologySpreadConstraints } = observed.spec
  const labelSelector = { matchLabels: selectorOf(observed, component) }
  const apart = (weight: number, topologyKey: string) => ({ weight, podAffinityTerm: { topologyKey, labelSelector } })
  // one that selects no pods spreads none. To a single pod it makes no difference: those that there are stay as they are
  const isMeantForAll = component === 'cluster' && electsLeader(observed)
  return {
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          apart(100, 'topology.kubernetes.io/zone'),
          apart(50, 'kubernetes.io/hostname'),
        ],
      },
    },
    ...(topologySpreadConstraints && {
      topologySpreadConstraints: topologySpreadConstraints.map(one => ({
        ...(isMeantForAll && { labelSelector }),
        ...one,
      })),
    }),
  }
}

type AccountField = 'automountServiceAccountToken' | 'enableServiceLinks' | 'serviceAccountName'

/** No token of the hosting cluster in the pod, and no list of its Services in the environment. */
export function accountOf({ spec }: Observed): Pick<PodSpec, AccountField> {
  const { serviceAccount } = spec
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    ...(serviceAccount && { serviceAccountName: serviceAccount }),
  }
}

type Resources = Container['resources']

/**
 * The user's resources, else requests by what an idle component was measured to need. Without requests a pod is the
 * first to be evicted. The two are not mixed: a request above the user's limit would be refused.
 */
export function resourcesOf(asked: Resources, measured: Resources): Pick<Container, 'resources'> {
  const resources = stripEmpty(asked) === undefined ? measured : asked
  return resources ? { resources } : {}
}

/** What a container prints last becomes the condition's message when it ends with an error. */
export const container = {
  imagePullPolicy: 'IfNotPresent',
  terminationMessagePolicy: 'FallbackToLogsOnError',
} as const

/** Refuses what no container of ours needs; Pod Security asks for it in both profiles. */
export const confined = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  seccompProfile: { type: 'RuntimeDefault' },
} as const
