import { expect, it } from 'vitest'
import { liveSet } from '../../testing/observed.ts'
import { resolveImage } from './defaults.ts'

const set = liveSet('s', {})
const withDefault = {
  ...set,
  metadata: { ...set.metadata, annotations: { 'k0smotron.io/default-image': 'registry.example/before' } },
}

it.each([
  ["the user's, without a mark", 'registry.example/own', withDefault, { repository: 'registry.example/own' }],
  ['the default of the live set, so that a release rolls nothing', undefined, withDefault, 'registry.example/before'],
  ['the default of this release for a new set', undefined, undefined, 'registry.example/now'],
  ["the default of this release for a set that had the user's image", undefined, set, 'registry.example/now'],
])('an image is %s', (_, asked, live, expected) => {
  const marked = { repository: expected, annotations: { 'k0smotron.io/default-image': expected } }
  expect(resolveImage(asked, 'registry.example/now', live)).toEqual(typeof expected === 'string' ? marked : expected)
})
