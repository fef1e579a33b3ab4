import { parseK0sVersion } from '@k0smotron-ts/api'
import { expect, it } from 'vitest'
import { supportsAnonymousAuthConfig } from './k0s-version.ts'

it.each([
  ['v1.33.13+k0s.0', false],
  ['v1.34.11+k0s.0', false],
  ['v1.34.12+k0s.0', true],
  ['v1.35.7+k0s.0', false],
  ['v1.35.8+k0s.0', true],
  ['v1.36.3+k0s.0', false],
  ['v1.36.3+k0s.1', true],
  ['v1.37.0+k0s.0', true],
])('%s is probed over HTTPS: %s', (text, expected) => {
  expect(supportsAnonymousAuthConfig(parseK0sVersion(text) ?? expect.fail(text))).toBe(expected)
})
