import type { KubeObject } from '@k0smotron-ts/api'
import { ApiError, type ApiErrorReason, type Applied, ContestedError, NotOursError } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import { refusalOf, withRefusals } from './refused.ts'

const service: KubeObject = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } }
const refusedBy = (error: Error): Applied => ({ object: service, result: 'refused', error })
const apiError = (reason: ApiErrorReason, message = 'in its own words') =>
  refusedBy(new ApiError({ reason, message, request: 'PATCH /s' }))

it.each<ApiErrorReason>(['Conflict', 'Internal', 'Unavailable', 'Timeout', 'TooManyRequests'])(
  'a server in trouble refuses nothing: %s',
  reason => {
    const condition = { type: 'EndpointAvailable', status: 'True' as const, reason: 'EndpointAvailable', message: '' }
    expect(refusalOf([apiError(reason)])).toBeUndefined()
    expect(withRefusals({ conditions: [condition], objects: [service] }, [apiError(reason)])).toEqual([condition])
  },
)

it('a server in trouble for long is named, with what it concerns', () => {
  const lasting = (message: string) =>
    refusedBy(new ApiError({ reason: 'Internal', message, request: 'PATCH /s', lasts: true }))
  const [one, other] = ['webhook x failed: 1', 'webhook x failed: 2'].map(words => refusalOf([lasting(words)]))
  expect(one).toEqual({
    reason: 'RequestsFailing',
    message:
      'failing for more than a minute, and tried again: Service; does an admission webhook fail, or the API server? an Event has its answer',
    words: 'webhook x failed: 1',
  })
  expect(other).toEqual({ ...one, words: 'webhook x failed: 2' })
  expect(refusalOf([lasting('x'), apiError('Forbidden')])).toMatchObject({ reason: 'ApplyRefused' })
})

it('the words of a server change nothing but its Event', () => {
  const [one, other] = ['id 1', 'id 2'].map(words => refusalOf([apiError('Forbidden', words)]))
  expect(one).toMatchObject({ reason: 'ApplyRefused', words: 'id 1' })
  expect(other).toEqual({ ...one, words: 'id 2' })
  expect(one?.message).toBe(
    "refused: Service (Forbidden); mend rights, quota or admission policy of the management cluster; an Event has the server's answer",
  )
})

it('a quota is named as what has to be raised, and its numbers are left to the Event', () => {
  const words = 'secrets "a" is forbidden: exceeded quota: none, requested: count/secrets=1, used: count/secrets=9'
  expect(refusalOf([apiError('Forbidden', words)])).toEqual({
    reason: 'ApplyRefused',
    message:
      "refused: Service (Forbidden); a ResourceQuota of the namespace is exceeded: raise it; an Event has the server's answer",
    words,
  })
})

it('names who else an object belongs to, before anything else', () => {
  const contest = new ContestedError('Service s', { managers: ['helm'], retryAfterMilliseconds: 1 })
  expect(refusalOf([apiError('Forbidden'), refusedBy(contest)])).toMatchObject({ reason: 'Contested' })
  const all = [apiError('Forbidden'), refusedBy(contest), refusedBy(new NotOursError(service))]
  expect(refusalOf(all)).toEqual({
    reason: 'NotOurs',
    message: 'Service s exists and nothing proves that it is ours; rename or delete it',
  })
})
