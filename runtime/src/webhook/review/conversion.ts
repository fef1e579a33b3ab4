// ConversionReview: objects in another version of their kind — core
import type { JsonObject } from '@k0smotron-ts/api'
import type { Conversion, Reviewer } from '../types.ts'
import { answered, isJsonObject, openEnvelope } from './envelope.ts'
import { ReviewError } from './review-error.ts'

/** All objects or none, as the protocol has it. An object that cannot be converted is an answer, not a failure of ours. */
export function conversionReviewer({ convert, handedOn }: Conversion): Reviewer {
  const answer = (review: unknown): object => {
    const envelope = openEnvelope(review, 'ConversionReview', [
      'apiextensions.k8s.io/v1',
      'apiextensions.k8s.io/v1beta1',
    ])
    const { desiredAPIVersion, objects } = envelope.request
    if (typeof desiredAPIVersion !== 'string' || !Array.isArray(objects)) {
      throw new ReviewError('the ConversionReview has no objects or does not say for which version')
    }
    try {
      const convertedObjects = objects.map(object => convert(identified(object), desiredAPIVersion))
      return answered(envelope, { convertedObjects, result: { status: 'Success' } })
    } catch (error) {
      if (error instanceof ReviewError) throw error
      const message = error instanceof Error ? error.message : String(error)
      return answered(envelope, { result: { status: 'Failure', message } })
    }
  }
  return { answer, handedOn: { request: { objects: { '*': { ...handedOn, metadata: { managedFields: 'whole' } } } } } }
}

/** The API server keeps all metadata but labels and annotations. Who owns fields is as deep as they are, and more. */
function identified(object: unknown): JsonObject {
  if (isJsonObject(object) && typeof object.apiVersion === 'string' && typeof object.kind === 'string') {
    const { managedFields: _, ...metadata } = isJsonObject(object.metadata) ? object.metadata : {}
    return { ...object, metadata }
  }
  throw new ReviewError('the ConversionReview has an object without apiVersion and kind')
}
