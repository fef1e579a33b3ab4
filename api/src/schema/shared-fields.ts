// Fields that several kinds have — core
import { faultOfHost } from '../capi/host.ts'
import {
  choice,
  integer,
  listMapOf,
  listOf,
  longInteger,
  mapOf,
  optional,
  quantity,
  type Rule,
  record,
  text,
  timestamp,
} from './fields.ts'

/** The name of another object: a DNS subdomain. */
export const objectName = (description: string) => text({ description, minLength: 1, maxLength: 253 })

/** One that may be empty, and says nothing then. */
export const optionalName = (description: string) => text({ description, maxLength: 253 })

/** `labels` and `annotations` that are copied onto objects made from this one. */
export const copiedMetadata = (description: string, maxAnnotationLength = 16384) =>
  record(
    {
      labels: optional(
        mapOf(text({ description: 'A label value.', maxLength: 63 }), {
          description: 'labels are added to the object.',
        }),
      ),
      annotations: optional(
        mapOf(text({ description: 'An annotation value.', maxLength: maxAnnotationLength }), {
          description: 'annotations are added to the object.',
        }),
      ),
    },
    { description },
  )

/** The metadata of a template: what of an object's the API server knows of there, as in k0smotron's; the rest names nothing. */
export const templateMetadata = (description: string, maxAnnotationLength?: number) =>
  record(
    {
      ...copiedMetadata(description, maxAnnotationLength).properties,
      name: optional(optionalName('name is accepted and has no effect.')),
      namespace: optional(optionalName('namespace is accepted and has no effect.')),
      finalizers: optional(
        listOf(text({ description: 'A finalizer.', maxLength: 253 }), {
          description: 'finalizers are accepted and have no effect.',
        }),
      ),
    },
    { description },
  )

/** A TCP port that is published. */
export const port = (description: string) => integer({ description, minimum: 1, maximum: 65535 })

/** One that needs no capability: k0s listens on the very port that it publishes. */
export const unprivilegedPort = (description: string) => integer({ description, minimum: 1024, maximum: 65535 })

const octet = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'

/** What RE2 can say of `faultOfHost`; the rest is said by a condition. One colon alone would separate a port. */
export const hostRules = {
  name: /^[A-Za-z0-9_]([-A-Za-z0-9_]{0,61}[A-Za-z0-9_])?([.][A-Za-z0-9_]([-A-Za-z0-9_]{0,61}[A-Za-z0-9_])?)*[.]?$/,
  address: /^[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*$/,
  /** Some parsers take it for a part of an IPv4 address, others for a name. */
  number: /(^|[.])([0-9]+|0[xX][0-9A-Fa-f]*)[.]?$/,
  ipv4: new RegExp(`^(${octet}[.]){3}${octet}$`),
}

const matches = (pattern: RegExp) => `self.matches('${pattern.source}')`

const isGoodHost = (self: string) => self === '' || faultOfHost(self) === undefined

const isHost: Rule = {
  isMet: isGoodHost,
  rule: `self == '' || ${matches(hostRules.name)} || ${matches(hostRules.address)}`,
  message: 'must be a DNS name or an IP address, without port and brackets',
}

const isNoBrokenAddress: Rule = {
  isMet: isGoodHost,
  rule: `self.contains(':') || !${matches(hostRules.number)} || ${matches(hostRules.ipv4)}`,
  message: 'ends in a number, so it must be an IPv4 address',
}

/** A DNS name or an IP address. */
export const host = (description: string, options: { readonly minLength?: number } = {}) =>
  text({ description, maxLength: 512, rules: [isHost, isNoBrokenAddress], ...options })

/** Where an API server is reached. Both parts are required together, so an endpoint is never half known. */
export const endpoint = (description: string) =>
  record(
    {
      host: host('host is a DNS name or an IP address, without port and brackets.', { minLength: 1 }),
      port: port('port is the TCP port of the API server.'),
    },
    { description },
  )

/** CPU and memory of a container (core/v1 ResourceRequirements without claims). */
export const resources = (description: string) =>
  record(
    {
      requests: optional(amounts('requests are the amounts reserved for the container.')),
      limits: optional(amounts('limits are the maximum that the container may use.')),
    },
    { description },
  )

function amounts(description: string) {
  return mapOf(quantity({ description: 'An amount such as 500m or 1Gi.' }), { description, maxProperties: 16 })
}

const qualifiedName =
  '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$'

const condition = record(
  {
    type: text({
      description: 'type is the type of the condition.',
      minLength: 1,
      maxLength: 316,
      pattern: qualifiedName,
    }),
    status: choice(['True', 'False', 'Unknown'], { description: 'status is True, False or Unknown.' }),
    reason: text({
      description: 'reason is the cause of the status in one CamelCase word.',
      minLength: 1,
      maxLength: 256,
      pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
    }),
    message: text({ description: 'message explains the status, what ends it and what to do.', maxLength: 10240 }),
    lastTransitionTime: timestamp({ description: 'lastTransitionTime is the last time that status changed.' }),
    observedGeneration: optional(
      longInteger({
        description: 'observedGeneration is the generation of the object that the condition describes.',
        minimum: 0,
      }),
    ),
  },
  { description: 'A condition in the shape of metav1.Condition.' },
)

/** `conditions` of a status: told apart by type, so that several writers can each own one. */
export const conditions = (description: string) => listMapOf(['type'], condition, { description, maxItems: 32 })

/** `observedGeneration` of a status. */
export const observedGeneration = longInteger({
  description: 'observedGeneration is the latest generation of spec that this status describes.',
  minimum: 0,
})
