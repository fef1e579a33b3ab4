// What the lab provider may do, and why — core
import { diagnosticsRules, electionRule, type Rights } from '@k0smotron-ts/runtime/rbac'

const watch = ['get', 'list', 'watch'] as const
const group = 'infrastructure.cluster.x-k8s.io'

/**
 * What any infrastructure provider needs. Cluster API core needs nothing from us: its own role covers the group.
 */
export const labRights: Rights = {
  name: 'lab-provider',
  inNamespaces: [
    // finalizers and provider IDs are patched
    { apiGroups: [group], resources: ['labmachines', 'labmachinepools'], verbs: [...watch, 'patch'] },
    { apiGroups: [group], resources: ['labclusters'], verbs: watch },
    {
      apiGroups: [group],
      resources: ['labclusters/status', 'labmachines/status', 'labmachinepools/status'],
      verbs: ['patch'],
    },
    { apiGroups: ['cluster.x-k8s.io'], resources: ['clusters', 'machines', 'machinepools'], verbs: watch },
    // bootstrap data, by the name that the owner gives
    { apiGroups: [''], resources: ['secrets'], verbs: watch },
    { apiGroups: [''], resources: ['events'], verbs: ['get', 'create', 'patch'] },
  ],
  everywhere: diagnosticsRules,
  own: [electionRule],
}
