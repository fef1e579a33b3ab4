import { describe, expect, it } from 'vitest'
import { factsOf } from './certificate-facts.ts'

const now = new Date('2026-05-01T00:00:00Z')
const ours = { now, isOurs: true, isOfAnother: false }

describe('a leaf', () => {
  const notAfter = new Date('2027-05-01T00:00:00Z')
  const renewAt = new Date('2026-12-30T00:00:00Z')

  it('of ours is due at its time, and at once when another authority signed it', () => {
    expect(factsOf({ notAfter, renewAt }, ours)).toEqual({ fits: true, notAfter, renewAt })
    const signed = { notAfter, renewAt, signedByOther: true }
    expect(factsOf(signed, ours)).toEqual({ notAfter, renewAt: now })
  })

  it.each([
    ['as long before its end as the spec says', 30, '2027-04-01T00:00:00.000Z'],
    ['not in the first tenth of its life', 364, '2026-06-06T12:00:00.000Z'],
  ])('of ours is due %s', (_, days, expected) => {
    const notBefore = new Date('2026-05-01T00:00:00Z')
    const judging = { ...ours, renewBefore: days * 24 * 3_600_000 }
    expect(factsOf({ notBefore, notAfter, renewAt }, judging).renewAt?.toISOString()).toBe(expected)
  })

  it('of ours is due at once when somebody asks for it, and one of the user is not', () => {
    expect(factsOf({ notAfter, renewAt, lastsAsAuthority: true }, { ...ours, isWantedNow: true }).renewAt).toBe(now)
    expect(factsOf({ notAfter, renewAt }, { ...ours, isOurs: false, isWantedNow: true }).renewAt).toBeUndefined()
  })

  it("of the user's is never renewed, only found at fault", () => {
    const judging = { ...ours, isOurs: false }
    expect(factsOf({ notAfter, renewAt }, judging)).toEqual({ fits: true, notAfter, changesAt: notAfter })
    expect(factsOf({ notAfter, renewAt, signedByOther: true }, judging).fault).toContain('was not signed by')
    expect(factsOf({ notAfter: now, renewAt }, judging).fault).toBe('expired at 2026-05-01T00:00:00.000Z')
  })
})

it('what belongs to another control plane of the same name is not used, however good it is', () => {
  const notAfter = new Date('2027-05-01T00:00:00Z')
  expect(factsOf({ notAfter }, { now, isOurs: false, isOfAnother: true }).fault).toBe(
    'belongs to another control plane of this name, and goes with it',
  )
})

describe('a pair without an owner, beside pods', () => {
  const judging = { ...ours, isOurs: false }
  it.each([
    ['all', true, undefined],
    ['some', false, undefined],
    ['others', false, expect.stringContaining('restore all from one backup, or take its label')],
  ] as const)('that were made with %s of the authorities', (podsMadeWith, fits, fault) => {
    const facts = factsOf({}, { ...judging, podsMadeWith })
    expect([facts.fits === true, facts.fault]).toEqual([fits, fault])
  })
})

describe('keys fit', () => {
  const notAfter = new Date('2027-05-01T00:00:00Z')
  it.each<[string, Parameters<typeof factsOf>, boolean]>([
    ['whoever has them', [{ notAfter }, { ...ours, isOurs: false }], true],
    ['though their time is over', [{ notAfter: now }, { ...ours, isOurs: false }], true],
    ['not when they are no pair', [{ notAfter, fault: 'no pair' }, ours], false],
    ['not when another authority signed them', [{ notAfter, signedByOther: true }, ours], false],
    [
      'not when pods were made with others',
      [
        { notAfter, fingerprint: 'a' },
        { ...ours, setMadeWith: 'b' },
      ],
      false,
    ],
    [
      'when pods were made with them',
      [
        { notAfter, fingerprint: 'a' },
        { ...ours, setMadeWith: 'a' },
      ],
      true,
    ],
  ])('%s', (_, facts, fits) => {
    expect(factsOf(...facts).fits === true).toBe(fits)
  })
})
