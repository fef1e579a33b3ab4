import { namesOf } from '@k0smotron-ts/api'
import { describe, expect, it } from 'vitest'
import { k0sPod, liveSet, observed } from '../../../testing/observed.ts'
import type { Observed } from '../../observed.ts'
import { nextRoll, renewalOf } from './renewal.ts'

const day = 24 * 60 * 60 * 1000
const annotation = 'k0smotron.io/certificates-renewed'
const started = '2026-01-01T00:00:00Z'
const controller = { name: 'controller', image: '', imageID: '', ready: true, restartCount: 0 }
const after = (days: number) => new Date(new Date(started).getTime() + days * day)

function running(now: Date, rolledAt?: string): Observed {
  const annotations = rolledAt === undefined ? {} : { [annotation]: rolledAt }
  const set = liveSet(namesOf('prod').statefulSet, { spec: { template: { metadata: { annotations } } } as never })
  const pod = k0sPod({ containerStatuses: [{ ...controller, state: { running: { startedAt: started } } }] })
  return observed({}, { now, pods: [pod], statefulSets: [set] })
}

describe('certificates that k0s issues for itself', () => {
  it('are due when two thirds of their year are over, more or less a tenth', () => {
    const due = nextRoll(running(after(0)))
    expect(due?.getTime()).toBeGreaterThan(after(206).getTime())
    expect(due?.getTime()).toBeLessThan(after(281).getTime())
    expect(nextRoll(running(after(100)))).toEqual(due)
  })

  it('are renewed by one roll', () => {
    expect(renewalOf(running(after(206)))).toEqual({})
    const now = after(281)
    const rolled = renewalOf(running(now))
    expect(rolled).toEqual({ [annotation]: now.toISOString() })
    const later = running(after(281.1), rolled[annotation])
    expect(renewalOf(later)).toEqual(rolled)
    expect(nextRoll(later)).toBeUndefined()
  })

  it('are due all the same when a clock that was ahead wrote the last roll', () => {
    const ahead = after(3650).toISOString()
    expect(nextRoll(running(after(100), ahead))).toEqual(nextRoll(running(after(100))))
    const now = after(281)
    expect(renewalOf(running(now, ahead))).toEqual({ [annotation]: now.toISOString() })
  })

  it('are no time to wait for once they are due: what stands in the way of the roll is watched', () => {
    expect(nextRoll(running(after(281)))).toBeUndefined()
  })

  it('are not thought of while no pod runs', () => {
    expect(nextRoll(observed({}))).toBeUndefined()
  })
})
