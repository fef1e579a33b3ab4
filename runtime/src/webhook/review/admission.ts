// AdmissionReview: what the API server asks before it stores an object — core
import type { JsonObject, KubeObject } from '@k0smotron-ts/api'
import type { AdmissionRequest, AdmissionRule, Reviewer, Verdict, WebhookRules } from '../types.ts'
import { answered, isJsonObject, openEnvelope } from './envelope.ts'
import { ReviewError } from './review-error.ts'

const operations: readonly string[] = ['CREATE', 'UPDATE'] satisfies AdmissionRequest['operation'][]

/** kube-apiserver cuts warnings off itself, in the middle of all of them together. */
const maxWarnings = 20

type IsOfItsKind = WebhookRules['isOfItsKind']

export function admissionReviewer(rule: AdmissionRule, isOfItsKind: IsOfItsKind): Reviewer {
  const answer = (review: unknown): object => {
    const envelope = openEnvelope(review, 'AdmissionReview', ['admission.k8s.io/v1'])
    const { refusal, warnings } = verdictOn(requestIn(envelope.request), rule, isOfItsKind)
    return answered(envelope, {
      allowed: refusal === undefined,
      ...(refusal !== undefined && { status: { code: 422, reason: 'Invalid', message: refusal } }),
      ...(warnings.length > 0 && { warnings: warnings.slice(0, maxWarnings) }),
    })
  }
  return { answer }
}

function requestIn({ operation, object, oldObject }: JsonObject): AdmissionRequest {
  if (!isOperation(operation)) throw new ReviewError('the AdmissionReview has no operation that is asked for')
  if (!isJsonObject(object)) throw new ReviewError('the AdmissionReview has no object')
  return {
    operation,
    object: object as unknown as KubeObject,
    ...(isJsonObject(oldObject) && { oldObject: oldObject as unknown as KubeObject }),
  }
}

/** Objects are not checked before a rule has failed: those that are stored need not keep to a schema that came later. */
function verdictOn(request: AdmissionRequest, rule: AdmissionRule, isOfItsKind: IsOfItsKind): Verdict {
  try {
    return rule(request)
  } catch (error) {
    const { object, oldObject = object } = request
    if ([object, oldObject].every(one => isOfItsKind(one as unknown as JsonObject))) throw error
    throw new ReviewError('the AdmissionReview has an object that is not of its kind')
  }
}

function isOperation(operation: unknown): operation is AdmissionRequest['operation'] {
  return typeof operation === 'string' && operations.includes(operation)
}
