import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compareK0sVersions,
  imageTagOf,
  isAtLeast,
  type K0sVersion,
  parseK0sVersion,
  printK0sVersion,
  spellingOf,
} from './version.ts'

const part = fc.integer({ min: 0, max: 999 })
const version: fc.Arbitrary<K0sVersion> = fc
  .record(
    {
      major: part,
      minor: part,
      patch: part,
      prerelease: fc.constantFrom('alpha.0', 'alpha.10', 'beta.2', 'rc.0'),
      k0s: part,
    },
    { requiredKeys: ['major', 'minor', 'patch'] },
  )
  .map(value => value as K0sVersion)

const parsed = (text: string) => {
  const value = parseK0sVersion(text)
  if (!value) throw new Error(`not a version: ${text}`)
  return value
}

describe('parseK0sVersion', () => {
  it.each([
    ['v1.36.3+k0s.1', { major: 1, minor: 36, patch: 3, k0s: 1 }],
    ['v1.36.3-k0s.10', { major: 1, minor: 36, patch: 3, k0s: 10 }],
    ['1.36.3', { major: 1, minor: 36, patch: 3 }],
    ['v1.37.0-rc.0+k0s.0', { major: 1, minor: 37, patch: 0, prerelease: 'rc.0', k0s: 0 }],
    ['v1.37.0-alpha.1-k0s.0', { major: 1, minor: 37, patch: 0, prerelease: 'alpha.1', k0s: 0 }],
    ['v1.37.0-beta.2', { major: 1, minor: 37, patch: 0, prerelease: 'beta.2' }],
  ])('reads %s', (text, expected) => {
    expect(parseK0sVersion(text)).toEqual(expected)
  })

  it.each([
    '',
    'v1.36',
    'latest',
    'v1.36.3+k0s',
    'v1.36.3+k0s.x',
    'v1.36.3+k3s.1',
    ' v1.36.3',
    'v1.36.3+k0s.1; rm -rf /',
  ])('refuses %j', text => {
    expect(parseK0sVersion(text)).toBeUndefined()
  })

  it('reads back what printK0sVersion wrote, in each spelling', () => {
    fc.assert(
      fc.property(version, fc.constantFrom('plus', 'dash', 'bare'), (value, spelling) => {
        const text = printK0sVersion(value, spelling)
        expect(spellingOf(text)).toBe(spelling)
        const { k0s: _, ...kubernetes } = value
        expect(parseK0sVersion(text)).toEqual(spelling === 'bare' ? kubernetes : { ...kubernetes, k0s: value.k0s ?? 0 })
      }),
    )
  })
})

describe('compareK0sVersions', () => {
  it('is a total order that no spelling can change', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const ab = Math.sign(compareK0sVersions(a, b))
        expect(Math.sign(compareK0sVersions(b, a))).toBe(0 - ab)
        if (ab <= 0 && compareK0sVersions(b, c) <= 0) expect(compareK0sVersions(a, c)).toBeLessThanOrEqual(0)
        expect(
          Math.sign(compareK0sVersions(parsed(printK0sVersion(a, 'dash')), parsed(printK0sVersion(b, 'plus')))),
        ).toBe(ab)
      }),
    )
  })

  it.each([
    ['v1.36.3+k0s.9', 'v1.36.3+k0s.10'],
    ['v1.36.3-k0s.9', 'v1.36.3+k0s.10'],
    ['v1.9.0', 'v1.36.0'],
    ['v1.37.0-alpha.9+k0s.0', 'v1.37.0-alpha.10+k0s.0'],
    ['v1.37.0-rc.0+k0s.0', 'v1.37.0+k0s.0'],
    ['v1.37.0-alpha.1', 'v1.37.0-alpha.beta'],
    ['v1.37.0-alpha', 'v1.37.0-alpha.1'],
  ])('%s comes before %s', (older, newer) => {
    expect(compareK0sVersions(parsed(older), parsed(newer))).toBeLessThan(0)
    expect(compareK0sVersions(parsed(newer), parsed(older))).toBeGreaterThan(0)
  })
})

it('a version is at least itself, and a missing suffix is k0s.0', () => {
  expect(isAtLeast(parsed('v1.36.3'), 'v1.36.3+k0s.0')).toBe(true)
  expect(isAtLeast(parsed('v1.36.3'), 'v1.36.3+k0s.1')).toBe(false)
})

it('an image tag has no plus sign', () => {
  expect(imageTagOf(parsed('v1.36.3+k0s.1'))).toBe('v1.36.3-k0s.1')
  expect(imageTagOf(parsed('1.36.3'))).toBe('v1.36.3-k0s.0')
})
