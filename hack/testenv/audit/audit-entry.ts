// Lines of the audit log as values, and counting them — core

/** One request as the API server saw it. */
export interface AuditEntry {
  readonly user: string
  readonly userAgent: string
  readonly verb: string
  /** `<plural>.<group>`, the core group without dot; empty for paths such as `/readyz`. */
  readonly resource: string
  readonly subresource: string
  readonly namespace: string
  readonly name: string
  readonly path: string
  readonly status: number
  /** Milliseconds since 1970, with their fraction. */
  readonly receivedAt: number
  readonly answeredAt: number
}

interface AuditLine {
  readonly stage: string
  readonly requestURI: string
  readonly requestReceivedTimestamp: string
  readonly stageTimestamp: string
  readonly verb: string
  readonly user?: { readonly username?: string }
  readonly userAgent?: string
  readonly objectRef?: {
    readonly resource?: string
    readonly apiGroup?: string
    readonly subresource?: string
    readonly namespace?: string
    readonly name?: string
  }
  readonly responseStatus?: { readonly code?: number }
}

/** Every request once: a watch when it begins to answer, anything else when it is answered. */
export function parseAuditLines(text: string): readonly AuditEntry[] {
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as AuditLine)
    .filter(
      ({ stage, verb }) => stage === (verb === 'watch' ? 'ResponseStarted' : 'ResponseComplete') || stage === 'Panic',
    )
    .map(entryOf)
}

function entryOf(line: AuditLine): AuditEntry {
  const { requestURI, verb, user, userAgent, objectRef, responseStatus } = line
  const { resource = '', apiGroup = '', subresource = '', namespace = '', name = '' } = objectRef ?? {}
  return {
    user: user?.username ?? '',
    userAgent: userAgent ?? '',
    verb,
    resource: apiGroup === '' ? resource : `${resource}.${apiGroup}`,
    subresource,
    namespace,
    name,
    path: requestURI,
    status: responseStatus?.code ?? 0,
    receivedAt: millisecondsOf(line.requestReceivedTimestamp),
    answeredAt: millisecondsOf(line.stageTimestamp),
  }
}

/** Of `2026-05-01T12:00:00.123456Z`; a Date would drop what is less than a millisecond. */
function millisecondsOf(timestamp: string): number {
  const [whole = '', fraction = '0'] = timestamp.replace('Z', '').split('.')
  return Date.parse(`${whole}Z`) + Number(`0.${fraction}`) * 1000
}

const writes = new Set(['create', 'update', 'patch', 'delete', 'deletecollection'])

export function isWrite({ verb }: AuditEntry): boolean {
  return writes.has(verb)
}

export function isLease({ resource }: AuditEntry): boolean {
  return resource === 'leases.coordination.k8s.io'
}

/** A holder of a lease says that it lives; it happens on a clock, whatever else goes on. */
export function isLeaseRenewal({ resource, verb }: AuditEntry): boolean {
  return resource === 'leases.coordination.k8s.io' && (verb === 'update' || verb === 'patch')
}

export function isEvent({ resource }: AuditEntry): boolean {
  return resource === 'events' || resource === 'events.events.k8s.io'
}

/** How many entries share each combination of these fields, most frequent first; the key joins them by a blank. */
export function countBy(
  entries: readonly AuditEntry[],
  fields: readonly (keyof AuditEntry)[],
): Readonly<Record<string, number>> {
  const counts = new Map<string, number>()
  for (const entry of entries) {
    const key = fields.map(field => entry[field]).join(' ')
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return Object.fromEntries([...counts].toSorted(([, a], [, b]) => b - a))
}
