// Whether the control plane can be used, and what people are told when it cannot — core
import type { ConditionDraft } from '@k0smotron-ts/runtime'
import { describe, expect, it } from 'vitest'
import { controlPlane, observed, type Situation } from '../../testing/observed.ts'
import { renderAvailability } from './availability.ts'

const condition = (reason: string, status: ConditionDraft['status'] = 'False'): ConditionDraft => ({
  type: 'X',
  status,
  reason,
  message: `because of ${reason}`,
})
const said = (situation: Situation, earlier: readonly ConditionDraft[] = []) =>
  renderAvailability(observed({}, situation), earlier).conditions.map(one => `${one.type} ${one.status} ${one.reason}`)

it('is true while the workload API is ready, whatever else is waited for', () => {
  expect(said({ workloadAPI: { ready: true, message: '' } }, [condition('WaitingForPods')])).toEqual([
    'Available True Available',
    'Initialized True Initialized',
  ])
})

describe('the cause', () => {
  it.each<[string, readonly ConditionDraft[], string]>([
    [
      'is what needs somebody, before what passes by itself',
      [condition('WaitingForX'), condition('NotOurs')],
      'NotOurs',
    ],
    ['is the first wait where nothing is wrong', [condition('WaitingForX'), condition('WaitingForY')], 'WaitingForX'],
    ['may be something that is not known', [condition('WaitingForX', 'Unknown')], 'WaitingForX'],
    ['is never the wait for this very answer', [condition('WaitingForEndpointAnswer')], 'APIServerUnreachable'],
    ['is the missing answer when all else is well', [condition('Fine', 'True')], 'APIServerUnreachable'],
  ])('%s', (_, earlier, reason) => {
    expect(said({}, earlier)).toEqual([`Available False ${reason}`, 'Initialized False NotInitialized'])
  })

  it('has the words of the last answer, or that there is none yet', () => {
    const messageOf = (situation: Situation) => renderAvailability(observed({}, situation), []).conditions[0]?.message
    expect(messageOf({ workloadAPI: { ready: false, message: '10.0.0.1: no route' } })).toBe('10.0.0.1: no route')
    expect(messageOf({})).toBe('waiting for the first answer of the API server')
  })
})

it('initialized is never taken back', () => {
  const up = controlPlane({}, { initialization: { controlPlaneInitialized: true } })
  expect(said({ controlPlane: up, workloadAPI: { ready: false, message: 'x' } })).toEqual([
    'Available False APIServerUnreachable',
    'Initialized True Initialized',
  ])
})
