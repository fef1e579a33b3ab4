// The contract between a reconciler and what surrounds it — core
import type { Condition, KubeObject, ObjectKey, ResourceType } from '@k0smotron-ts/api'
import type { WatchedType } from '../cache/types.ts'
import type { UnreadableKind } from '../cache/unreadable.ts'
import type { Client, DeleteOptions, JsonPatch } from '../client/types.ts'
import type { Logger } from '../log.ts'

/** When to look again: at a change of something watched, or at a real deadline. */
export type Action = { readonly kind: 'awaitChange' } | { readonly kind: 'requeueAfter'; readonly milliseconds: number }

export const awaitChange: Action = { kind: 'awaitChange' }

/** Throws for what is no time: a deadline computed from an invalid date would otherwise come at once, for ever. */
export function requeueAfter(milliseconds: number): Action {
  if (!Number.isFinite(milliseconds)) throw new RangeError(`a deadline in ${milliseconds} ms is none`)
  return { kind: 'requeueAfter', milliseconds }
}

/** Not yet, and why: `message` names what ends the wait, and that thing is watched. */
export interface Wait {
  readonly reason: string
  readonly message: string
}

/** A condition before it is written: the time of its last transition is the reporter's business. */
export type ConditionDraft = Omit<Condition, 'lastTransitionTime'>

/** What one phase decided; a phase that waits still returns what it can already render. */
export interface Outcome {
  /** The conditions of this phase and of no other; the first says whether it is done. */
  readonly conditions: readonly ConditionDraft[]
  readonly objects: readonly KubeObject[]
  readonly effects?: readonly Effect[]
}

/**
 * A change that is no apply of a whole object. It follows from what was observed alone, never from what an earlier pass did, so that
 * a pass that comes twice, or after a restart, asks for nothing more.
 */
export interface Effect {
  readonly type: ResourceType
  readonly object: KubeObject
  /** `evict`: of a pod. */
  readonly change: { readonly patch: GuardedPatch } | 'delete' | 'evict'
  /** The type of the condition that a refusal belongs to. */
  readonly concerns: string
}

/** What the API server made of one desired object. A refusal is a value here; `settle` throws it when all is told. */
export interface Applied {
  readonly object: KubeObject
  readonly result: 'unchanged' | 'applied' | 'refused'
  readonly error?: Error
  /** The type of the condition that a refusal belongs to, where no phase rendered the object. */
  readonly concerns?: string
}

/**
 * Reads of the cache; no request, except the first read of a referenced object. Objects of a kind that cannot be read are
 * not known to be absent: `get` and `by` throw an UnreadableKindError for it, unless its wake is optional.
 */
export interface Reader {
  /** Why objects of a watched kind cannot be read, if so. */
  unreadable(type: ResourceType): UnreadableKind | undefined
  get<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey): T | undefined
  by<T extends KubeObject>(type: ResourceType<T>, index: string, value: string): readonly T[]
  /** An object that a spec names (a user's Secret): watched by name for as long as the passes of this key ask for it. */
  referenced<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey): Promise<T | undefined>
}

export interface EventNote {
  readonly type: 'Normal' | 'Warning'
  /** UpperCamel, as the reason of a condition. */
  readonly reason: string
  readonly message: string
  /** As long as it is remembered, a repetition is not even counted. */
  readonly isOnce?: true
}

/** A JSON patch; `fieldManager` only where the writer is not the controller's usual one. */
export interface GuardedPatch {
  readonly operations: JsonPatch
  readonly fieldManager?: string
  readonly subresource?: 'status'
}

/** A status whose conditions are not timed yet. */
export interface StatusDraft {
  readonly conditions: readonly ConditionDraft[]
  /** Only where the spec was not evaluated: the generation that it was evaluated at last. */
  readonly observedGeneration?: number
}

/** Everything a reconciler may do to the world. */
export interface Shell {
  readonly read: Reader
  readonly log: Logger
  readonly now: () => Date
  /** Applies the objects whose live copy does not carry our intent yet; never throws for a refusal. */
  apply(objects: readonly KubeObject[]): Promise<readonly Applied[]>
  /** Create-only: what is there already wins and is returned, whoever made it. */
  mint<T extends KubeObject>(type: ResourceType<T>, object: T): Promise<T>
  /** Replaces a minted object under its resourceVersion; a conflict is thrown and the next pass looks again. */
  renew<T extends KubeObject>(type: ResourceType<T>, object: T): Promise<T>
  patch<T extends KubeObject>(type: ResourceType<T>, object: T, patch: GuardedPatch): Promise<T>
  /** Deletes this very object: one made anew under the same name is left alone. Already gone is success. */
  delete(
    type: ResourceType,
    object: KubeObject,
    options?: Pick<DeleteOptions, 'propagation' | 'resourceVersion'>,
  ): Promise<void>
  /** Deletes this very pod, unless its PodDisruptionBudget forbids that, which is a refusal. */
  evict(pod: KubeObject): Promise<void>
  /** One status apply, skipped when the live status says the same. Told even when something else failed. */
  report(type: ResourceType, object: KubeObject, status: StatusDraft): Promise<void>
  event(about: KubeObject, note: EventNote): void
  /** For what the cache does not hold (an infrastructure object, its CRD). Costs a request; writes go through the rest of the shell. */
  readonly client: Pick<Client, 'get'>
}

/** Reads that never cost a request. */
export type StoreReader = Pick<Reader, 'get' | 'by'>

/** One list-watch that wakes a controller, and whom it wakes. Made by `wakeOn`, which knows the type of its objects. */
export interface Wake {
  readonly watched: WatchedType
  /** Keys of the primary objects that this object concerns. */
  readonly keys: (object: KubeObject, read: StoreReader) => readonly ObjectKey[]
  /** A pass can do without: while the kind cannot be read, there seem to be no objects of it. */
  readonly optional: boolean
}

/** For controllers whose passes wait for somebody outside. */
export interface Outside {
  /** The pass of the key waits, until the answer is called: it takes no worker meanwhile. */
  away(key: ObjectKey): () => void
  /** Wakes a key whose pass has a place outside kept for it: no brake delays that pass. */
  invite(key: ObjectKey): void
}

export interface Controller {
  /** Lower case, as in metrics and logs. */
  readonly name: string
  /** The kind whose keys are reconciled; one of the wakes watches it. */
  readonly primary: ResourceType
  /** Everything that a pass reads from the cache, and everything that can end a wait. */
  readonly wakes: readonly Wake[]
  /** What wakes besides the cache (the nodes of a workload cluster). Called once at the start; the signal ends it. */
  readonly listen?: (wake: (key: ObjectKey) => void, signal: AbortSignal, outside: Outside) => void
  /** One pass. The object may be gone: then it has nothing to do. */
  reconcile(key: ObjectKey, shell: Shell): Promise<Action>
  /** A pass ended before it reported anything: says so on its object. The pass is repeated. */
  readonly reportFailure?: (key: ObjectKey, shell: Shell, failure: Failure) => Promise<void>
}

/** Why a pass could not do its work, fit for a condition: the same words for the same cause. */
export interface Failure extends Wait {
  /** The server's own words, for an Event. */
  readonly words?: string
}

/** What a pass writes to. The status is a part of its own: nobody but its writer has to act on it. */
export interface WriteTarget {
  readonly type: ResourceType
  readonly key: ObjectKey
  readonly part: 'object' | 'status'
}

/** What a pass is made of; whoever applies and reports builds the Shell around it. */
export interface Pass {
  readonly key: ObjectKey
  readonly read: Reader
  /** Knows the controller, the object and this pass. */
  readonly log: Logger
  /** Earlier passes have failed for so long that what fails in this one does not seem to pass by itself. */
  readonly isFailingLong: boolean
  /**
   * Sends a write of this pass and hands what came back to `learn`. The change is known as the pass's own, whether the
   * answer or the watch tells it first: a status that it wrote does not wake it, and nothing that it wrote shortens the
   * delay after its failure.
   */
  readonly write: <T extends KubeObject>(
    target: WriteTarget,
    send: () => Promise<T>,
    learn: (written: T) => void,
  ) => Promise<T>
}
