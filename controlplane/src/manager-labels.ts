// What the pods of the managers that run control planes are known by — core

/** Cluster API's, which the manifests of a release put on pods, too. */
export const providerLabel = 'cluster.x-k8s.io/provider'

export const managerProviders = {
  'control-plane': 'control-plane-k0smotron',
  standalone: 'standalone-k0smotron',
} as const
