import { namesOf } from '@k0smotron-ts/api'
import { expect, it } from 'vitest'
import { k0sPod, liveSet, observed, readyStatus } from '../../testing/observed.ts'
import { afterChange, rolloutConditions } from './rollout.ts'

const { statefulSet } = namesOf('prod')
const set = (generation: number, observedGeneration: number, updateRevision?: string) => {
  const live = liveSet(statefulSet, { spec: { replicas: 1 } as never })
  const status = { replicas: 1, observedGeneration, ...(updateRevision && { updateRevision }) }
  return { ...live, metadata: { ...live.metadata, generation }, status }
}
const rolling = (
  statefulSets: ReturnType<typeof set>[],
  spec: object = {},
  wait?: { reason: string; message: string },
) => rolloutConditions(observed(spec, { statefulSets, pods: [k0sPod(readyStatus)] }), wait)[0]

it.each([
  ['pods of the newest revision', set(2, 2, 'new'), 'False', 'NotRollingOut'],
  ['a new StatefulSet whose revision is not known yet', set(1, 0), 'False', 'NotRollingOut'],
  ['pods of an older revision', set(2, 2, 'newer'), 'True', 'RollingOut'],
  ['a change that Kubernetes has not looked at', set(3, 2, 'new'), 'Unknown', 'WaitingForStatefulSet'],
] as const)('of %s', (_, live, status, reason) => {
  expect(rolling([live])).toMatchObject({ type: 'RollingOut', status, reason })
})

it('claims nothing of a spec that is not in the StatefulSet', () => {
  const fault = { reason: 'InvalidK0sConfig', message: 'spec.k0sConfig is of another kind' }
  expect(rolling([set(2, 2, 'new')], {}, fault)).toEqual({
    type: 'RollingOut',
    status: 'Unknown',
    reason: 'SpecNotApplied',
    message: fault.message,
  })
  expect(rolling([set(2, 2, 'new')], { storage: { type: 'nats' } })).toMatchObject({ reason: 'SpecNotApplied' })
  const none = observed({}, { statefulSets: [set(2, 2, 'new')] })
  expect(rolloutConditions(none, fault)[0]).toMatchObject({ status: 'False' })
})

it('is not known any more after a pass that changed the StatefulSet', () => {
  const pods = [k0sPod(readyStatus)]
  const rolled = { type: 'RollingOut', status: 'False', reason: 'NotRollingOut', message: '' } as const
  const told = (generation: number, there = pods) =>
    afterChange(observed({}, { statefulSets: [set(generation, 2, 'new')], pods: there }), rolled)
  expect(told(3)).toMatchObject({ status: 'Unknown', reason: 'WaitingForStatefulSet' })
  expect(told(2)).toBe(rolled)
  expect(told(3, [])).toBe(rolled)
  const others = { ...rolled, type: 'ScalingUp' }
  expect(afterChange(observed({}, { statefulSets: [set(3, 2, 'new')], pods }), others)).toBe(others)
})
