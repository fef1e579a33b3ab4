// What the control plane provider may do, and why — core
import {
  certificateRules,
  diagnosticsRules,
  electionRule,
  injectionRules,
  type Rights,
} from '@k0smotron-ts/runtime/rbac'
import { appliedKinds } from './hosted/owned.ts'
import { webhooks } from './webhooks.ts'

export { managerProviders, providerLabel } from './manager-labels.ts'
export { webhooks }

const watch = ['get', 'list', 'watch'] as const
/** Server-side apply is a patch that may create. */
const applied = [...watch, 'create', 'patch', 'delete'] as const

const groups = [...new Set(appliedKinds.map(({ type }) => type.group))]

/** What makes up a control plane. */
const ownedRules = groups.map(group => ({
  apiGroups: [group],
  resources: appliedKinds.flatMap(({ type }) => (type.group === group ? [type.plural] : [])),
  verbs: applied,
}))

/** What every kind of control plane takes. No pods/exec. */
const hosted = {
  inNamespaces: [
    ...ownedRules,
    // keys are created once and renewed under their resourceVersion; a patch takes our owner reference off for a move, and
    // gives a restored one back. None is deleted: where owner references are guarded, that right is asked of who changes them
    { apiGroups: [''], resources: ['secrets'], verbs: [...watch, 'create', 'update', 'patch', 'delete'] },
    // which configurations old revisions refer to
    { apiGroups: ['apps'], resources: ['controllerrevisions'], verbs: watch },
    // whether they are ready, and why not. One that does not get ready and is of an old revision is deleted to be made anew
    { apiGroups: [''], resources: ['pods'], verbs: [...watch, 'delete'] },
    // one that serves, where there are several of k0s or of etcd
    { apiGroups: [''], resources: ['pods/eviction'], verbs: ['create'] },
    // whether there is data, when the StatefulSet of the datastore is not there. Those of several members of etcd are made before
    // their pods, say which member they are for, and are deleted when it has left for good
    { apiGroups: [''], resources: ['persistentvolumeclaims'], verbs: [...watch, 'create', 'patch', 'delete'] },
    // ours are told; those of StatefulSets that could not create a pod are read
    { apiGroups: [''], resources: ['events'], verbs: [...watch, 'create', 'patch'] },
  ],
  everywhere: [
    // addresses for NodePorts
    { apiGroups: [''], resources: ['nodes'], verbs: watch },
    ...diagnosticsRules,
    // kube-apiserver learns there whom to trust
    ...injectionRules(webhooks),
  ],
  own: [electionRule, ...certificateRules(webhooks)],
} satisfies Pick<Rights, 'inNamespaces' | 'everywhere' | 'own'>

/** The kinds for use without Cluster API. */
const standalone = [
  // finalizers, owner references and marks are patched; a spec is never written. A request goes with its Cluster
  { apiGroups: ['k0smotron.io'], resources: ['clusters'], verbs: [...watch, 'patch'] },
  { apiGroups: ['k0smotron.io'], resources: ['jointokenrequests'], verbs: [...watch, 'patch', 'delete'] },
  { apiGroups: ['k0smotron.io'], resources: ['clusters/status', 'jointokenrequests/status'], verbs: ['patch'] },
  {
    apiGroups: ['k0smotron.io'],
    resources: ['clusters/finalizers', 'jointokenrequests/finalizers'],
    verbs: ['update'],
  },
] satisfies Rights['inNamespaces']

/** For a manager that runs these kinds only. */
export const standaloneRights: Rights = {
  name: 'k0smotron-standalone',
  inNamespaces: [...standalone, ...hosted.inNamespaces],
  everywhere: hosted.everywhere,
  own: hosted.own,
}

/** One wildcard, because infrastructure providers name their kinds themselves. */
export const rights: Rights = {
  name: 'k0smotron-control-plane',
  inNamespaces: [
    // finalizer and endpoint are patched; a spec is never written otherwise
    { apiGroups: ['controlplane.cluster.x-k8s.io'], resources: ['k0smotroncontrolplanes'], verbs: [...watch, 'patch'] },
    { apiGroups: ['controlplane.cluster.x-k8s.io'], resources: ['k0smotroncontrolplanes/status'], verbs: ['patch'] },
    // owner references of ours block the owner's deletion, which takes this right where that is enforced
    {
      apiGroups: ['controlplane.cluster.x-k8s.io'],
      resources: ['k0smotroncontrolplanes/finalizers'],
      verbs: ['update'],
    },
    { apiGroups: ['cluster.x-k8s.io'], resources: ['clusters'], verbs: watch },
    ...standalone,
    ...hosted.inNamespaces,
  ],
  everywhere: [
    ...hosted.everywhere,
    // tells which version of the infrastructure kind speaks which contract
    { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: ['get'] },
  ],
  infrastructure: [
    // an empty endpoint is filled, for infrastructure that waits for it; and the status of an object that we manage. All
    // resources are their status, too
    { apiGroups: ['infrastructure.cluster.x-k8s.io'], resources: ['*'], verbs: ['list', 'watch', 'patch'] },
  ],
  own: hosted.own,
}
