// What both kinds of review have in common — core
import type { JsonObject } from '@k0smotron-ts/api'
import { ReviewError } from './review-error.ts'

export interface Envelope {
  readonly apiVersion: string
  readonly kind: string
  readonly uid: string
  readonly request: JsonObject
}

/** Throws a ReviewError unless the review is of that kind and of one of these versions. */
export function openEnvelope(review: unknown, kind: string, apiVersions: readonly string[]): Envelope {
  const { apiVersion, kind: found, request } = isJsonObject(review) ? review : {}
  if (found !== kind || typeof apiVersion !== 'string' || !apiVersions.includes(apiVersion)) {
    throw new ReviewError(`a ${kind} of ${apiVersions.join(' or ')} is expected`)
  }
  if (!isJsonObject(request) || typeof request.uid !== 'string') {
    throw new ReviewError(`the ${kind} has no request with a uid`)
  }
  return { apiVersion, kind, uid: request.uid, request }
}

/** The review with its answer, and without the request: nobody reads that again. */
export function answered({ apiVersion, kind, uid }: Envelope, response: object): object {
  return { apiVersion, kind, response: { uid, ...response } }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
