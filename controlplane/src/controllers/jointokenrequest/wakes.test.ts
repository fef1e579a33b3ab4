import { joinTokenRequest, type KubeObject } from '@k0smotron-ts/api'
import { controllerReference, secrets } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import { requestLabel } from './identity.ts'
import { wakesOf } from './wakes.ts'

const key = { namespace: 'n', name: 'r' }
const owner = controllerReference(joinTokenRequest, { metadata: { ...key, uid: 'u' } })

it.each([
  ['its own', [owner], [key]],
  ['one that a restore brought back without its owner, and that stands in its way', [], [key]],
  ["somebody else's", [{ ...owner, kind: 'Other' }], []],
])('a request is woken by a Secret of its name: %s', (_, ownerReferences, expected) => {
  const wake = wakesOf(undefined).find(
    ({ watched }) => watched.type === secrets && watched.labelSelector === requestLabel,
  )
  const secret: KubeObject = { apiVersion: 'v1', kind: 'Secret', metadata: { ...key, ownerReferences } }
  expect(wake?.keys(secret, { get: () => undefined, by: () => [] })).toEqual(expected)
})
