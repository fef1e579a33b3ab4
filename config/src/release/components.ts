// Everything that a manager is installed with, in the order in which it is applied — core
import { crdOf, type Kind } from '@k0smotron-ts/api'
import { providerLabel } from '@k0smotron-ts/controlplane/rules'
import { providerNamespace, rbacOf } from '../rbac.ts'
import { type DeploymentOptions, deploymentOf, podLabels, ports } from './deployment.ts'
import { conversionOf, deploymentName, type ManagerRelease } from './managers.ts'
import { configurationOf, inService, serviceOf } from './webhooks.ts'

/** The managers run under the strictest standard; what breaks it beside them is named, and runs on. */
export function namespaceOf(provider?: string): object {
  const standard = 'pod-security.kubernetes.io'
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: providerNamespace,
      labels: {
        ...(provider !== undefined && { [providerLabel]: provider }),
        [`${standard}/audit`]: 'restricted',
        [`${standard}/warn`]: 'restricted',
      },
    },
  }
}

/** All but the namespace, of which a file has only one. */
export function componentsOf(manager: ManagerRelease, options: DeploymentOptions): readonly object[] {
  return [
    ...manager.kinds.map(kind => installedCrd(kind, manager)),
    ...rbacOf(manager.rights, manager.provider).flatMap(({ objects }) => objects),
    networkPolicyOf(manager),
    podDisruptionBudgetOf(manager),
    labelled(serviceOf(manager.webhooks, podLabels(manager)), manager),
    deploymentOf(manager, options),
    labelled(configurationOf(manager.webhooks, inService(manager.webhooks)), manager),
  ]
}

function installedCrd(kind: Kind, manager: ManagerRelease): object {
  return labelled(crdOf(kind, conversionOf(manager)), manager)
}

function labelled(object: object, { provider }: ManagerRelease): object {
  const { metadata, ...rest } = object as { readonly metadata: { readonly labels?: object } }
  return { ...rest, metadata: { ...metadata, labels: { ...metadata.labels, [providerLabel]: provider } } }
}

/** Into the managers come probes, scrapes and reviews, and nothing else; out of them goes what they need: API servers, at any address. */
function networkPolicyOf(manager: ManagerRelease): object {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadataOf(manager),
    spec: {
      podSelector: { matchLabels: podLabels(manager) },
      policyTypes: ['Ingress'],
      ingress: [{ ports: Object.keys(ports).map(port => ({ port, protocol: 'TCP' })) }],
    },
  }
}

/** A node with the only replica can be drained, too: nothing of a workload cluster stops with its manager. */
function podDisruptionBudgetOf(manager: ManagerRelease): object {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadataOf(manager),
    spec: {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: podLabels(manager) },
    },
  }
}

function metadataOf(manager: ManagerRelease): object {
  return {
    name: deploymentName(manager),
    namespace: providerNamespace,
    labels: { [providerLabel]: manager.provider },
  }
}
