// AdmissionReview: what the API server asks before it stores an object — core
import type { KubeObject } from '@k0smotron-ts/api'
import type { AdmissionRequest, AdmissionRule, Reviewer } from '../types.ts'
import { answered, isJsonObject, openEnvelope } from './envelope.ts'
import { ReviewError } from './review-error.ts'

const operations: readonly string[] = [
  'CREATE',
  'UPDATE',
  'DELETE',
  'CONNECT',
] satisfies AdmissionRequest['operation'][]

/** kube-apiserver cuts warnings off itself, in the middle of all of them together. */
const maxWarnings = 20

export function admissionReviewer(rule: AdmissionRule): Reviewer {
  const answer = (review: unknown): object => {
    const envelope = openEnvelope(review, 'AdmissionReview', ['admission.k8s.io/v1'])
    const { operation, object, oldObject } = envelope.request
    if (!isOperation(operation)) throw new ReviewError('the AdmissionReview has no operation that is known')
    const { refusal, warnings } = rule({
      operation,
      ...(isJsonObject(object) && { object: object as unknown as KubeObject }),
      ...(isJsonObject(oldObject) && { oldObject: oldObject as unknown as KubeObject }),
    })
    return answered(envelope, {
      allowed: refusal === undefined,
      ...(refusal !== undefined && { status: { code: 422, reason: 'Invalid', message: refusal } }),
      ...(warnings.length > 0 && { warnings: warnings.slice(0, maxWarnings) }),
    })
  }
  return { answer }
}

function isOperation(operation: unknown): operation is AdmissionRequest['operation'] {
  return typeof operation === 'string' && operations.includes(operation)
}
