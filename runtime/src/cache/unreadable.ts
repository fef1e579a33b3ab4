// Kinds whose objects cannot be read: what is not known of them must not be taken for absent — core
import { apiVersionOf, type ResourceType } from '@k0smotron-ts/api'
import { type UnreadableReason, whyUnreadable } from '../client/api-error.ts'

export interface UnreadableKind {
  readonly type: ResourceType
  readonly why: UnreadableReason
  /** Others install the kind, perhaps later or never. */
  readonly isAwaited?: true
}

/** Fit for a condition: which kind, and who ends it. */
export function unreadableText({ type, why }: UnreadableKind): string {
  const kind = `kind ${type.kind} (${apiVersionOf(type)})`
  const resource = type.group === '' ? type.plural : `${type.plural}.${type.group}`
  switch (why) {
    case 'NotServed':
      return `${kind} is not served: its CustomResourceDefinition is missing, or serves no such version`
    case 'Forbidden':
      return `${kind} may not be read: this provider's role lacks get, list and watch of ${resource}`
    case 'NotConverted':
      return `${kind} has objects that are stored in another version, and the webhook that converts them does not answer`
  }
}

/** A pass needs a kind that cannot be read. It is repeated when the kind can be. */
export class UnreadableKindError extends Error {
  override readonly name = 'UnreadableKindError'
  readonly unreadable: UnreadableKind

  constructor(unreadable: UnreadableKind) {
    super(unreadableText(unreadable))
    this.unreadable = unreadable
  }
}

/** An API server that has just started refuses for a moment what it allows afterwards. */
const failuresUntilUnreadable = 3

interface Failing {
  readonly type: ResourceType
  readonly mayComeLater?: true
}

interface Entry {
  readonly unreadable: UnreadableKind
  readonly failures: number
}

/** What the list-watches have found out, each under an id of its own. */
export class UnreadableKinds {
  readonly #entries = new Map<string, Entry>()
  readonly #handlers: ((type: ResourceType) => void)[] = []

  /** Called when a kind cannot be read any more, and when it can be again. */
  onChange(handler: (type: ResourceType) => void): void {
    this.#handlers.push(handler)
  }

  /** Returns whether the kind is taken for unreadable now. */
  failed(id: string, { type, mayComeLater }: Failing, error: unknown): boolean {
    const why = whyUnreadable(error)
    if (!why) return this.of(type) !== undefined
    const failures = (this.#entries.get(id)?.failures ?? 0) + 1
    const isAwaited = mayComeLater && why === 'NotServed'
    this.#entries.set(id, { unreadable: { type, why, ...(isAwaited && { isAwaited }) }, failures })
    if (failures === failuresUntilUnreadable) this.#notify(type)
    return failures >= failuresUntilUnreadable
  }

  listed(id: string, type: ResourceType): void {
    const entry = this.#entries.get(id)
    this.#entries.delete(id)
    if (entry && entry.failures >= failuresUntilUnreadable) this.#notify(type)
  }

  /** Another version of the kind is read on its own. */
  of({ group, version, kind }: ResourceType): UnreadableKind | undefined {
    return this.all().find(({ type }) => type.group === group && type.version === version && type.kind === kind)
  }

  all(): readonly UnreadableKind[] {
    return [...this.#entries.values()].flatMap(({ unreadable, failures }) =>
      failures >= failuresUntilUnreadable ? [unreadable] : [],
    )
  }

  #notify(type: ResourceType): void {
    for (const handler of this.#handlers) handler(type)
  }
}
