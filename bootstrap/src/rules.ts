// What the bootstrap provider may do, and why — core
import {
  certificateRules,
  diagnosticsRules,
  electionRule,
  injectionRules,
  type Rights,
} from '@k0smotron-ts/runtime/rbac'
import { webhooks } from './webhooks.ts'

export { webhooks }

const watch = ['get', 'list', 'watch'] as const

/** No spec is written. What is done in workload clusters needs no right here: their kubeconfigs do. */
export const rights: Rights = {
  name: 'k0smotron-bootstrap',
  inNamespaces: [
    { apiGroups: ['bootstrap.cluster.x-k8s.io'], resources: ['k0sworkerconfigs'], verbs: watch },
    { apiGroups: ['bootstrap.cluster.x-k8s.io'], resources: ['k0sworkerconfigs/status'], verbs: ['patch'] },
    // the owner, the endpoint, whether the control plane is up, whether the machine has its node
    { apiGroups: ['cluster.x-k8s.io'], resources: ['clusters', 'machines', 'machinepools'], verbs: watch },
    // join tokens and bootstrap data are created once; a patch notes that a token is revoked, mints it anew, or gives a label
    // or an owner back. None is deleted: where owner references are guarded, that right is asked of who changes them
    { apiGroups: [''], resources: ['secrets'], verbs: [...watch, 'create', 'patch', 'delete'] },
    // contents of files
    { apiGroups: [''], resources: ['configmaps'], verbs: watch },
    { apiGroups: [''], resources: ['events'], verbs: ['get', 'create', 'patch'] },
  ],
  // the second: kube-apiserver learns there whom to trust
  everywhere: [...diagnosticsRules, ...injectionRules(webhooks)],
  own: [electionRule, ...certificateRules(webhooks)],
}
