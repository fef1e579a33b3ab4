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
  const controller = (state: object, rest: object = {}) => ({
    conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2026-05-01T10:00:00Z' }],
    containerStatuses: [{ name: 'controller', state, ...rest }],
  })
  const waitingFor = (reason: string) => controller({ waiting: { reason } })
  const terminated = {
    exitCode: 1,
    reason: 'Error',
    message: 'level=info msg=starting\nError: unknown field "nonsense"\n',
  }
  const startedAt = (time: string) => ({ running: { startedAt: time } })
  const crashed = 'Pod kmc-prod-0: container controller ended with exit code 1: Error: unknown field "nonsense"'
  it.each<[string, object, string | undefined]>([
    ['an image that cannot be pulled', waitingFor('ImagePullBackOff'), 'container controller is in ImagePullBackOff'],
    ['an image that was tried again', waitingFor('ErrImagePull'), 'container controller is in ImagePullBackOff'],
    ['a crash', controller({ terminated }), crashed],
    [
      'the wait for the next try',
      controller({ waiting: { reason: 'CrashLoopBackOff' } }, { lastState: { terminated } }),
      crashed,
    ],
    ['the next try', controller(startedAt('2026-05-01T10:00:30Z'), { lastState: { terminated } }), crashed],
    [
      'a try that was ready and lost it',
      controller(startedAt('2026-05-01T09:00:00Z'), { lastState: { terminated } }),
      undefined,
    ],
    [
      'a container that took too much memory',
      controller(startedAt('2026-05-01T10:00:30Z'), {
        lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
      }),
      'container controller ended with exit code 137 (OOMKilled)',
    ],
    [
      'a node without an inotify instance left',
      controller({
        terminated: { exitCode: 1, message: 'msg="Failed to create watcher" error="too many open files"\nError: exit' },
      }),
      'ended with exit code 1: Error: exit; raise fs.inotify.max_user_instances on its node',
    ],
    [
      'a node that was restarted',
      controller(startedAt('2026-05-01T10:00:30Z'), {
        lastState: { terminated: { exitCode: 255, reason: 'Unknown' } },
      }),
      undefined,
    ],
    [
      'a process that ends again and again without an error',
      controller({ waiting: { reason: 'CrashLoopBackOff' } }, { lastState: { terminated: { exitCode: 0 } } }),
      'container controller is in CrashLoopBackOff',
    ],
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

  it('does not call it trouble that a pod ends that is deleted', () => {
    const pod = k0sPod(controller({ terminated }) as never)
    const going = { ...pod, metadata: { ...pod.metadata, deletionTimestamp: '2026-05-01T10:00:00Z' } }
    expect(troubleOf({ pods: [going] })).toBeUndefined()
  })

  it('a volume that is still to come is a wait', () => {
    const message = '0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.'
    const conditions = [{ type: 'PodScheduled', status: 'False', message }] as never
    expect(troubleOf({ pods: [k0sPod({ conditions })] })).toEqual({
      reason: 'WaitingForVolume',
      message: 'Pod kmc-prod-0: no node is available: pod has unbound immediate PersistentVolumeClaims',
    })
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
