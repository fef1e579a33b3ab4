// What a webhook is asked and what it answers — core
import type { HandedOn, JsonObject, KubeObject } from '@k0smotron-ts/api'

/** What of a request to the API server an admission rule looks at. */
export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE'
  /** As it would be stored. */
  readonly object: KubeObject
  /** As it is stored. */
  readonly oldObject?: KubeObject
}

export interface Verdict {
  /** Why the request is refused; absent: it is not. */
  readonly refusal?: string
  /** What the client prints beside the answer. */
  readonly warnings: readonly string[]
}

/** Pure, and quick: the API server waits for it. May throw for an object that is not of its kind. */
export type AdmissionRule = (request: AdmissionRequest) => Verdict

/** The object in that version of its kind. Throws for what has none; the message names field and reason. */
export type Convert = (object: JsonObject, desiredApiVersion: string) => JsonObject

export interface Conversion {
  readonly convert: Convert
  /** Of an object: what `convert` hands on as it is. It gets a text in place of each; `tooDeep` has to be left out. */
  readonly handedOn: HandedOn
}

/** What a provider answers; its names and objects are in its declaration. */
export interface WebhookRules {
  /** By path. */
  readonly admission: Readonly<Record<string, AdmissionRule>>
  /** Whether rules may rely on the type of the object. */
  readonly isOfItsKind: (object: JsonObject) => boolean
  readonly conversion?: Conversion
}

export interface Reviewer {
  /** Takes a review as JSON and gives it back with the answer. Throws a ReviewError for what is none. */
  readonly answer: (review: unknown) => object
  /** Of the review; absent: nothing. */
  readonly handedOn?: HandedOn
}
