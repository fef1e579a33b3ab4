// What both worlds play: rounds that begin at rest, with faults in the middle of changes — core
import fc from 'fast-check'

export interface RoundEvent {
  readonly kind: 'crash' | 'restart' | 'cut' | 'join' | 'deletePod' | 'scale' | 'rescaleSet'
  /** An ordinal, or a number of members. */
  readonly number: number
  /** How many passes there are until the next event. */
  readonly passes: number
}

export interface Round {
  /** The ordinal whose volume is lost. */
  readonly loses?: number
  readonly events: readonly RoundEvent[]
}

const passes = fc.nat({ max: 8 })
const ordinal = fc.integer({ min: 0, max: 4 })
const struck = fc.record({
  kind: fc.constantFrom<RoundEvent['kind']>('crash', 'restart', 'cut', 'join', 'deletePod'),
  number: ordinal,
  passes,
})
const scaled = fc.record({ kind: fc.constant<RoundEvent['kind']>('scale'), number: fc.constantFrom(1, 3, 5), passes })
const rescaled = fc.record({
  kind: fc.constant<RoundEvent['kind']>('rescaleSet'),
  number: fc.integer({ min: 1, max: 5 }),
  passes,
})
const event: fc.Arbitrary<RoundEvent> = fc.oneof(
  { weight: 4, arbitrary: scaled },
  { weight: 6, arbitrary: struck },
  { weight: 1, arbitrary: rescaled },
)
const round: fc.Arbitrary<Round> = fc.record(
  { loses: ordinal, events: fc.array(event, { minLength: 1, maxLength: 3 }) },
  { requiredKeys: ['events'] },
)

/** The first begins with growth: of one member there is nothing to tell. */
export const rounds: fc.Arbitrary<readonly Round[]> = fc
  .tuple(fc.constantFrom(3, 5), fc.array(round, { minLength: 2, maxLength: 4 }))
  .map(([number, others]) => [{ events: [{ kind: 'scale', number, passes: 0 }] }, ...others])

/** Nothing stands in the way any more. */
export const healing: Round = {
  events: [0, 1, 2, 3, 4].flatMap(number => (['restart', 'join'] as const).map(kind => ({ kind, number, passes: 0 }))),
}
