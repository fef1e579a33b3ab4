// What membership promises in any interleaving: no acknowledged write is lost, no quorum is given away, it always ends — core
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memberEvents } from './testing/events.ts'
import { play } from './testing/play.ts'

test.each([
  ['what is seen is true, and etcd checks nothing itself', true],
  ['what is seen is old, steps arrive late or never, and etcd checks as it does', false],
])('%s', (_name, isTimely) => {
  fc.assert(
    fc.property(memberEvents(isTimely), events => {
      expect(play(events, { isTimely }).fault).toBeUndefined()
    }),
    { numRuns: 1000 },
  )
})

test('the events reach every step', () => {
  const runs = fc.sample(memberEvents(false), { numRuns: 400, seed: 3 })
  const steps = new Set(runs.flatMap(events => play(events, { isTimely: false }).steps))
  expect([...steps].toSorted()).toEqual([
    'addLearner',
    'createClaim',
    'deleteClaim',
    'deletePod',
    'markClaim',
    'moveLeader',
    'promote',
    'remove',
    'replacePod',
    'setReplicas',
  ])
})
