// Reviews as kube-apiserver sends them, and as it never does — shell
import type { JsonObject, KubeObject } from '@k0smotron-ts/api'
import { describe, expect, it, test } from 'vitest'
import type { AdmissionRequest, Convert, Verdict } from '../types.ts'
import { admissionReviewer } from './admission.ts'
import { conversionReviewer } from './conversion.ts'
import { ReviewError } from './review-error.ts'

const object: KubeObject = { apiVersion: 'example.org/v1', kind: 'Thing', metadata: { name: 'a' } }

const admissionReview = (request: object) => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: { uid: 'u1', operation: 'CREATE', object, oldObject: null, ...request },
})

const isKnown = ({ kind }: JsonObject): boolean => kind === 'Thing'

describe('an AdmissionReview', () => {
  const answerOf = (verdict: Verdict, request = {}): unknown => {
    const seen: AdmissionRequest[] = []
    const review = admissionReviewer(asked => {
      seen.push(asked)
      return verdict
    }, isKnown).answer(admissionReview(request))
    return { review, seen }
  }
  const answer = (response: object) => ({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response })

  it('that nobody objects to is allowed, and what is null was not there', () => {
    expect(answerOf({ warnings: [] })).toEqual({
      seen: [{ operation: 'CREATE', object }],
      review: answer({ uid: 'u1', allowed: true }),
    })
  })

  it('is allowed with warnings', () => {
    expect(answerOf({ warnings: ['w'] })).toMatchObject({
      review: answer({ uid: 'u1', allowed: true, warnings: ['w'] }),
    })
  })

  it('is refused with the reason', () => {
    expect(answerOf({ refusal: 'no', warnings: [] }, { operation: 'UPDATE', oldObject: object })).toEqual({
      seen: [{ operation: 'UPDATE', object, oldObject: object }],
      review: answer({ uid: 'u1', allowed: false, status: { code: 422, reason: 'Invalid', message: 'no' } }),
    })
  })
})

describe('a rule that fails', () => {
  const failing = admissionReviewer(() => {
    throw new TypeError('x is undefined')
  }, isKnown)
  const other = { ...object, kind: 'Other' }

  it('does so for what is not of its kind: that is no review', () => {
    for (const request of [{ object: other }, { object, oldObject: other }])
      expect(() => failing.answer(admissionReview(request))).toThrow(ReviewError)
  })

  it('is broken when everything is', () => {
    expect(() => failing.answer(admissionReview({ oldObject: object }))).toThrow(TypeError)
  })
})

const conversionReview = (apiVersion: string, objects: unknown) => ({
  apiVersion,
  kind: 'ConversionReview',
  request: { uid: 'u2', desiredAPIVersion: 'example.org/v2', objects },
})

const converting = (convert: Convert) => conversionReviewer({ convert, handedOn: {} })

describe.each(['apiextensions.k8s.io/v1', 'apiextensions.k8s.io/v1beta1'])('a ConversionReview of %s', apiVersion => {
  const answer = (response: object) => ({ apiVersion, kind: 'ConversionReview', response: { uid: 'u2', ...response } })

  it('is answered in its own version, in the order of its objects', () => {
    const convert = converting((one, desired) => ({ ...one, apiVersion: desired }))
    const other = { ...object, metadata: { name: 'b' } }
    expect(convert.answer(conversionReview(apiVersion, [object, other]))).toEqual(
      answer({
        result: { status: 'Success' },
        convertedObjects: [object, other].map(one => ({ ...one, apiVersion: 'example.org/v2' })),
      }),
    )
  })

  it('fails as a whole for one object that cannot be converted', () => {
    const convert = converting(one => {
      if (Object(one.metadata).name === 'b') throw new Error('spec.port: 0 is no port')
      return one
    })
    expect(convert.answer(conversionReview(apiVersion, [object, { ...object, metadata: { name: 'b' } }]))).toEqual(
      answer({ result: { status: 'Failure', message: 'spec.port: 0 is no port' } }),
    )
  })
})

test.each<[string, unknown]>([
  ['nothing', null],
  ['a list', []],
  ['another kind', { apiVersion: 'v1', kind: 'Pod' }],
  ['another version', { ...admissionReview({}), apiVersion: 'admission.k8s.io/v1beta1' }],
  ['no request', { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' }],
  ['no uid', admissionReview({ uid: 7 })],
  ['an operation that is none', admissionReview({ operation: 'toString' })],
  ['an operation that nobody asks about', admissionReview({ operation: 'DELETE' })],
  ['no object', admissionReview({ object: undefined })],
  ['a list for an object', admissionReview({ object: [] })],
  ['objects that are none', conversionReview('apiextensions.k8s.io/v1', [null])],
  ['no objects', conversionReview('apiextensions.k8s.io/v1', {})],
])('%s is no review', (_what, review) => {
  const reviewers = [admissionReviewer(() => ({ warnings: [] }), isKnown), converting(one => one)]
  for (const reviewer of reviewers) expect(() => reviewer.answer(review)).toThrow(ReviewError)
})
