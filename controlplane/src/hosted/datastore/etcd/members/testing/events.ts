// What may happen to a control plane's etcd, as data: the model and real processes play the same — core
import fc from 'fast-check'
import type { Ages, Ending } from './operator.ts'

export type MemberEvent =
  | { readonly kind: 'scale'; readonly to: 1 | 3 | 5 }
  | { readonly kind: 'pass'; readonly ages: Ages; readonly ending: Ending }
  | { readonly kind: 'nature' | 'write' | 'elect'; readonly choice: number }
  | {
      readonly kind: 'crash' | 'restart' | 'cut' | 'join' | 'loseVolume' | 'deletePod'
      readonly ordinal: number
    }
  | { readonly kind: 'rescaleSet'; readonly replicas: number }
  | { readonly kind: 'template'; readonly isBroken: boolean }
  | { readonly kind: 'release' }

const ordinal = fc.integer({ min: 0, max: 4 })
const choice = fc.nat({ max: 60 })
const fresh = { cluster: 0, answers: 0 }
const old = fc.record({ cluster: fc.nat({ max: 6 }), answers: fc.nat({ max: 6 }) })
const endings: readonly Ending[] = ['died before the step', 'stuck in the step']

function one<K extends 'crash' | 'restart' | 'cut' | 'join' | 'loseVolume' | 'deletePod'>(kind: K) {
  return fc.record({ kind: fc.constant(kind), ordinal })
}

/** `isTimely`: every pass sees what is, and what it does arrives at once or never. */
export function memberEvents(isTimely: boolean): fc.Arbitrary<readonly MemberEvent[]> {
  const whole = fc.constant<Ending>('whole')
  const passes = isTimely
    ? fc.record({ kind: fc.constant('pass' as const), ages: fc.constant(fresh), ending: whole })
    : fc.record({
        kind: fc.constant('pass' as const),
        ages: fc.oneof({ weight: 2, arbitrary: fc.constant(fresh) }, { weight: 1, arbitrary: old }),
        ending: fc.oneof({ weight: 4, arbitrary: whole }, { weight: 1, arbitrary: fc.constantFrom(...endings) }),
      })
  const event = fc.oneof(
    { weight: 24, arbitrary: passes },
    { weight: 36, arbitrary: fc.record({ kind: fc.constant('nature' as const), choice }) },
    { weight: 8, arbitrary: fc.record({ kind: fc.constant('write' as const), choice }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('elect' as const), choice }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('scale' as const), to: fc.constantFrom(1, 3, 5) }) },
    { weight: 2, arbitrary: one('crash') },
    { weight: 3, arbitrary: one('restart') },
    { weight: 2, arbitrary: one('cut') },
    { weight: 3, arbitrary: one('join') },
    { weight: 3, arbitrary: one('loseVolume') },
    { weight: 2, arbitrary: one('deletePod') },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('rescaleSet' as const), replicas: fc.integer({ min: 0, max: 5 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('template' as const), isBroken: fc.constantFrom(false, false, true) }),
    },
    { weight: 3, arbitrary: fc.constant({ kind: 'release' as const }) },
  )
  return fc.array(event as fc.Arbitrary<MemberEvent>, { minLength: 20, maxLength: 250, size: 'max' })
}
