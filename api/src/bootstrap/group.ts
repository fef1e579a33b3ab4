// What the kinds of the bootstrap group have in common — core
export const bootstrapGroup = { group: 'bootstrap.cluster.x-k8s.io', version: 'v1beta2' } as const

/** The contract label: Cluster API core reads from it which version of the kind speaks which contract (contract: All resources: version). */
export const bootstrapLabels = {
  'cluster.x-k8s.io/provider': 'bootstrap-k0smotron',
  'cluster.x-k8s.io/v1beta1': 'v1beta1',
  'cluster.x-k8s.io/v1beta2': 'v1beta2',
} as const
