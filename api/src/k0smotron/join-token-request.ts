// JoinTokenRequest of k0smotron.io: a token with which a machine joins a hosted control plane — core
import { choice, optional, record, text, timestamp } from '../schema/fields.ts'
import { ageColumn, type Column, kind, type ObjectOf } from '../schema/kind.ts'
import { conditions, observedGeneration } from '../schema/shared-fields.ts'
import { olderVersion } from '../versions/older.ts'
import { durationRule } from './duration.ts'
import { k0smotronGroup } from './group.ts'
import { joinTokenSpec, joinTokenStatusDifferences } from './v1beta1.ts'

const spec = record(
  {
    clusterName: text({
      description: 'clusterName is the name of the Cluster in the same namespace.',
      minLength: 1,
      maxLength: 63,
    }),
    expiry: optional(
      text({
        description:
          'expiry is how long the token is good, from its first making on, such as 30m or 24h. When absent or 0s, until this object is deleted.',
        maxLength: 32,
        rules: [durationRule],
      }),
    ),
    role: optional(
      choice(['worker', 'controller'], { description: 'role is what joins with the token; defaults to worker.' }),
    ),
  },
  {
    description: 'spec is what the token is for.',
    rules: [
      {
        rule: 'self.clusterName == oldSelf.clusterName',
        message: 'clusterName cannot change: the token is of that Cluster; make another JoinTokenRequest',
        fieldPath: '.clusterName',
      },
    ],
  },
)

const status = record(
  {
    tokenID: optional(
      text({ description: 'tokenID is the public part of the token; its Secret has all of it.', maxLength: 16 }),
    ),
    issuedAt: optional(timestamp({ description: 'issuedAt is when the token was made first.' })),
    expiresAt: optional(
      timestamp({ description: 'expiresAt is when the token stops being good; absent when it does not.' }),
    ),
    clusterUID: optional(text({ description: 'clusterUID is the uid of the Cluster that knows the token.' })),
    conditions: optional(conditions('conditions describe whether the token can be used.')),
    observedGeneration: optional(observedGeneration),
  },
  { description: 'status is the observed state.' },
)

const columns: readonly Column[] = [
  { name: 'Role', type: 'string', jsonPath: '.spec.role', description: 'What joins', priority: 10 },
  {
    name: 'Ready',
    type: 'string',
    jsonPath: '.status.conditions[?(@.type=="JoinTokenSecretCreated")].status',
    description: 'Whether the token can be used',
  },
  {
    name: 'Reason',
    type: 'string',
    jsonPath: '.status.conditions[?(@.type=="JoinTokenSecretCreated")].reason',
    description: 'Why it can, or cannot',
  },
  { name: 'Expires', type: 'date', jsonPath: '.status.expiresAt', description: 'When it stops being good' },
  ageColumn,
]

export const joinTokenRequest = kind({
  ...k0smotronGroup,
  kind: 'JoinTokenRequest',
  shortNames: ['jtr'],
  description:
    'JoinTokenRequest makes a k0s join token and keeps it in a Secret of the same name, under the key token. Deleting it takes the token back.',
  spec,
  status,
  older: olderVersion({
    version: 'v1beta1',
    columns: [
      { name: 'Cluster', type: 'string', jsonPath: '.spec.clusterRef.name', description: 'The Cluster that is joined' },
      ...columns,
    ],
    spec: joinTokenSpec(spec),
    status: { stored: status, ...joinTokenStatusDifferences },
  }),
  columns: [
    { name: 'Cluster', type: 'string', jsonPath: '.spec.clusterName', description: 'The Cluster that is joined' },
    ...columns,
  ],
})

export type JoinTokenRequest = ObjectOf<typeof joinTokenRequest>
export type JoinTokenRequestStatus = NonNullable<JoinTokenRequest['status']>

/** Kept until the token is taken back. k0smotron's own name. */
export const joinTokenFinalizer = 'jointokenrequests.k0smotron.io/finalizer'

export { clusterNamespaceAnnotation } from './cluster-namespace.ts'
