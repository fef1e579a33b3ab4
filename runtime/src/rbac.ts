// Rights as plain data — core

/** One rule of a Role or ClusterRole. */
export interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
}

/** What a provider may do. */
export interface Rights {
  /** The name of the role and of the service account. */
  readonly name: string
  /** Everywhere. */
  readonly cluster: readonly Rule[]
  /** In the provider's own namespace only. */
  readonly namespace: readonly Rule[]
}

/** Leader election, in the own namespace. */
export const electionRule: Rule = {
  apiGroups: ['coordination.k8s.io'],
  resources: ['leases'],
  verbs: ['create', 'get', 'update'],
}

/** Who may read metrics is asked of the API server. */
export const diagnosticsRules: readonly Rule[] = [
  { apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
  { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
]
