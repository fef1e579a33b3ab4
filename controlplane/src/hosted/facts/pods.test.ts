import { namesOf } from '@k0smotron-ts/api'
import { describe, expect, it } from 'vitest'
import { k0sPod, liveSet, observed, readyStatus, type Situation } from '../../testing/observed.ts'
import { podTrouble } from './pods.ts'

const names = namesOf('prod')
const set = liveSet(names.statefulSet, {})

const troubleOf = (situation: Situation) => {
  const live = observed({}, situation)
  return podTrouble(live, live.k0sSet, live.k0sPods)
}

describe('podTrouble', () => {
  const waitingFor = (reason: string) => ({
    containerStatuses: [
      { name: 'controller', state: { waiting: { reason } }, lastState: { terminated: { exitCode: 2 } } },
    ],
  })
  it.each<[string, object, string | undefined]>([
    [
      'an image that cannot be pulled',
      waitingFor('ImagePullBackOff'),
      'container controller is in ImagePullBackOff, ended with exit code 2',
    ],
    ['a crash', waitingFor('CrashLoopBackOff'), 'container controller is in CrashLoopBackOff'],
    [
      'no room',
      { conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes are available' }] },
      '0/1 nodes are available',
    ],
    ['nothing but time', waitingFor('ContainerCreating'), undefined],
    ['a ready pod', readyStatus, undefined],
  ])('reads %s', (_, status, words) => {
    const trouble = troubleOf({ pods: [k0sPod(status as never)] })
    expect(trouble?.message).toEqual(words && expect.stringContaining(words))
  })

  const refusalOf = (message: string, rest: object = {}) => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {},
    involvedObject: { name: names.statefulSet, uid: set.metadata.uid ?? '' },
    message,
    ...rest,
  })

  it.each([
    ['pods "x" is forbidden: violates PodSecurity "restricted:latest"', 'PodSecurityRefused'],
    ['pods "x" is forbidden: exceeded quota: q', 'QuotaExceeded'],
    ['admission webhook said no', 'PodsFailing'],
  ])('reads a refusal: %s', (message, reason) => {
    const refused: Situation = { statefulSets: [set], refusedPods: [refusalOf(message)] }
    expect(troubleOf(refused)).toMatchObject({
      reason,
      message: expect.stringContaining(message),
    })
    expect(troubleOf({ ...refused, pods: [k0sPod(readyStatus)] })).toBeUndefined()
  })

  it('believes the latest refusal, and none about an earlier StatefulSet of the name', () => {
    const refusedPods = [
      refusalOf('exceeded quota: q', { lastTimestamp: '2026-05-01T00:00:02Z' }),
      refusalOf('violates PodSecurity', { lastTimestamp: '2026-05-01T00:00:01Z' }),
      refusalOf('of another', { involvedObject: { name: names.statefulSet, uid: 'before' } }),
    ]
    const trouble = troubleOf({ statefulSets: [set], refusedPods })
    expect(trouble).toMatchObject({ reason: 'QuotaExceeded' })
    const ofAnother = refusedPods.slice(2)
    expect(troubleOf({ statefulSets: [set], refusedPods: ofAnother })).toBeUndefined()
  })
})
