// Patches of metadata are refused where they do not fit any more — core
import type { KubeObject } from '@k0smotron-ts/api'
import { expect, it } from 'vitest'
import {
  annotationAddition,
  annotationRemoval,
  finalizerAddition,
  finalizerRemoval,
  guards,
} from './metadata-patches.ts'

const objectWith = (metadata: KubeObject['metadata'] = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { uid: 'u', resourceVersion: '7', ...metadata },
})

it('an object that is another one, or was changed, is left alone', () => {
  expect(guards(objectWith())).toEqual([
    { op: 'test', path: '/metadata/uid', value: 'u' },
    { op: 'test', path: '/metadata/resourceVersion', value: '7' },
  ])
})

it.each([
  ['where there is none', objectWith(), [{ op: 'add', path: '/metadata/finalizers', value: ['f'] }]],
  ["after others'", objectWith({ finalizers: ['o'] }), [{ op: 'add', path: '/metadata/finalizers/-', value: 'f' }]],
  ['once', objectWith({ finalizers: ['o', 'f'] }), []],
])('a finalizer is added %s', (_, object, operations) => {
  expect(finalizerAddition(object, 'f')).toEqual(operations)
})

it('the finalizer is removed only from where it was seen', () => {
  expect(finalizerRemoval(objectWith({ finalizers: ['other', 'f'] }), 'f')?.operations).toEqual([
    { op: 'test', path: '/metadata/uid', value: 'u' },
    { op: 'test', path: '/metadata/finalizers/1', value: 'f' },
    { op: 'remove', path: '/metadata/finalizers/1' },
  ])
  expect(finalizerRemoval(objectWith({ finalizers: ['other'] }), 'f')).toBeUndefined()
})

it("an annotation is added beside others', and its name is escaped in the path", () => {
  const added = { 'example.org/a~b': 'v' }
  expect(annotationAddition(objectWith(), added)).toEqual([{ op: 'add', path: '/metadata/annotations', value: added }])
  const path = '/metadata/annotations/example.org~1a~0b'
  expect(annotationAddition(objectWith({ annotations: {} }), added)).toEqual([{ op: 'add', path, value: 'v' }])
  expect(annotationRemoval('example.org/a~b')).toEqual([{ op: 'remove', path }])
})
