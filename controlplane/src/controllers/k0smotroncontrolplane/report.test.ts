import { describe, expect, it } from 'vitest'
import { eventsFor } from './report.ts'

describe('eventsFor', () => {
  const draft = (status: 'True' | 'False', reason: string, message = '') => ({
    conditions: [{ type: 'X', status, reason, message }],
  })
  const before = [{ type: 'X', status: 'True' as const, reason: 'R', message: '', lastTransitionTime: '' }]
  it.each<[string, Parameters<typeof eventsFor>[0], ReturnType<typeof draft>, object[]]>([
    ['nothing new', before, draft('True', 'R'), []],
    ['something absent from the start', undefined, draft('False', 'NotRollingOut'), []],
    [
      'a wait',
      undefined,
      draft('False', 'WaitingForPods', 'waiting'),
      [{ type: 'Normal', reason: 'WaitingForPods', message: 'waiting' }],
    ],
    [
      'bad input',
      undefined,
      draft('False', 'InvalidVersion', 'bad'),
      [{ type: 'Warning', reason: 'InvalidVersion', message: 'bad' }],
    ],
    [
      'something that works now',
      undefined,
      draft('True', 'R'),
      [{ type: 'Normal', reason: 'R', message: 'X is True' }],
    ],
    [
      'something lost',
      before,
      draft('False', 'PodsFailing', 'gone'),
      [{ type: 'Warning', reason: 'PodsFailing', message: 'gone' }],
    ],
  ])('tells %s', (_, known, status, notes) => {
    expect(eventsFor(known, status)).toEqual(notes)
  })
})
