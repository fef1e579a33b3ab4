// Who may speak to the datastore — core
import type { NetworkPolicy } from '@k0smotron-ts/runtime'
import { managerProviders, providerLabel } from '../../../manager-labels.ts'
import { metadataOf, selectorOf } from '../../identity.ts'
import type { Observed } from '../../observed.ts'
import { isNumbered } from './members/seen.ts'

/**
 * In: k0s, the members among themselves, and the manager. Out: the members among themselves and DNS, which some providers of networks
 * see at the port of its pods, 5353 on OpenShift.
 */
export function renderEtcdNetworkPolicy(observed: Observed): NetworkPolicy {
  const members = { podSelector: { matchLabels: selectorOf(observed, 'etcd') } }
  const k0s = { podSelector: { matchLabels: selectorOf(observed, 'cluster') } }
  const manager = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': observed.managerNamespace } },
    podSelector: {
      matchExpressions: [{ key: providerLabel, operator: 'In' as const, values: Object.values(managerProviders) }],
    },
  }
  const tcp = (port: number) => ({ protocol: 'TCP' as const, port })
  const udp = (port: number) => ({ protocol: 'UDP' as const, port })
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadataOf(observed, observed.names.etcd, 'etcd'),
    spec: {
      podSelector: { matchLabels: selectorOf(observed, 'etcd') },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        { from: [k0s, members, ...(letsManagerIn(observed) ? [manager] : [])], ports: [tcp(2379)] },
        { from: [members], ports: [tcp(2380)] },
      ],
      egress: [{ to: [members], ports: [tcp(2379), tcp(2380)] }, { ports: [udp(53), tcp(53), udp(5353), tcp(5353)] }],
    },
  }
}

/** Everywhere but at a single member that an earlier release made: what it left is rendered as it is. */
export function letsManagerIn(observed: Observed): boolean {
  if (isNumbered(observed) || !observed.datastoreSet) return true
  const live = observed.networkPolicies.find(({ metadata }) => metadata.name === observed.names.etcd)
  const { ingress = [] } = live?.spec ?? {}
  return !live || ingress.some(({ from = [] }) => from.some(({ namespaceSelector }) => namespaceSelector !== undefined))
}
