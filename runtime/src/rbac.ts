// Rights as plain data — core

/** One rule of a Role or ClusterRole. */
export interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  /** Absent: objects of any name. A list or a watch is allowed if it selects one of the names. */
  readonly resourceNames?: readonly string[]
  readonly verbs: readonly string[]
}

/** What a provider may do. */
export interface Rights {
  /** The name of the service account and of its main role. */
  readonly name: string
  /** In every namespace that is looked at: all, or one. */
  readonly inNamespaces: readonly Rule[]
  /** Of kinds that have no namespace. Without them the provider can do less, and says so. */
  readonly everywhere: readonly Rule[]
  /** On the kinds of infrastructure providers. They can be left out. */
  readonly infrastructure?: readonly Rule[]
  /** In the provider's own namespace. */
  readonly own: readonly Rule[]
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

export {
  certificateRules,
  definitionName,
  injectionRules,
  specWebhook,
  type ValidatingWebhook,
  validatePath,
  type WebhookDeclaration,
} from './webhook/declaration.ts'
