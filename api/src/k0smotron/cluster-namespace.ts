// Where the Cluster of a JoinTokenRequest is, if not beside it — core

/** The namespace of the Cluster, where it is another one: k0smotron writes it for `clusterRef.namespace` of v1beta1. */
export const clusterNamespaceAnnotation = 'k0smotron.io/cluster-ref-namespace'
