import { controlPlaneFinalizer } from '@k0smotron-ts/api'
import { describe, expect, it } from 'vitest'
import { controlPlane } from '../../testing/observed.ts'
import { finalizerAddition, finalizerRemoval } from './own-object.ts'

const withFinalizers = (...finalizers: readonly string[]) => {
  const object = controlPlane({})
  return { ...object, metadata: { ...object.metadata, finalizers } }
}

describe('the finalizer', () => {
  it('is added under the guard of uid and resourceVersion', () => {
    expect(finalizerAddition(controlPlane({}))?.operations).toEqual([
      { op: 'test', path: '/metadata/uid', value: 'uid-of-prod-cp' },
      { op: 'test', path: '/metadata/resourceVersion', value: '7' },
      { op: 'add', path: '/metadata/finalizers', value: [controlPlaneFinalizer] },
    ])
    expect(finalizerAddition(withFinalizers('other'))?.operations.at(-1)).toEqual({
      op: 'add',
      path: '/metadata/finalizers/-',
      value: controlPlaneFinalizer,
    })
    expect(finalizerAddition(withFinalizers(controlPlaneFinalizer))).toBeUndefined()
  })

  it('is removed only from where it was seen', () => {
    expect(finalizerRemoval(withFinalizers('other', controlPlaneFinalizer))?.operations).toEqual([
      { op: 'test', path: '/metadata/finalizers/1', value: controlPlaneFinalizer },
      { op: 'remove', path: '/metadata/finalizers/1' },
    ])
    expect(finalizerRemoval(withFinalizers('other'))).toBeUndefined()
  })
})
