import {
  blockMoveAnnotation,
  controlPlaneFinalizer,
  datastoreFormedAnnotation,
  namesOf,
  preparedVersionAnnotation,
} from '@k0smotron-ts/api'
import { describe, expect, it } from 'vitest'
import { controlPlane, liveSet, type Situation, snapshot } from '../../testing/observed.ts'
import { ownMetadata } from './claim.ts'

const withMetadata = (metadata: object) => {
  const object = controlPlane({})
  return { ...object, metadata: { ...object.metadata, ...metadata } }
}
const marks = (metadata: object, rest: Situation = {}) =>
  ownMetadata(snapshot({}, { controlPlane: withMetadata(metadata), ...rest }))?.operations
const guards = [
  { op: 'test', path: '/metadata/uid', value: 'uid-of-prod-cp' },
  { op: 'test', path: '/metadata/resourceVersion', value: '7' },
]
const blockedMove = '/metadata/annotations/clusterctl.cluster.x-k8s.io~1block-move'

describe('ownMetadata', () => {
  it('claims a new object under the guard of uid and resourceVersion; nothing blocks its move yet', () => {
    expect(marks({})).toEqual([...guards, { op: 'add', path: '/metadata/finalizers', value: [controlPlaneFinalizer] }])
  })

  it("leaves others' finalizers and annotations", () => {
    expect(marks({ finalizers: ['other'], annotations: { other: '' } })).toEqual([
      ...guards,
      { op: 'add', path: '/metadata/finalizers/-', value: controlPlaneFinalizer },
    ])
  })

  it('says once that the datastore has formed, and blocks a move from then on', () => {
    const etcd = liveSet(namesOf('prod').etcd, { status: { replicas: 1, readyReplicas: 1 } })
    const formed = { statefulSets: [etcd] }
    const finalizers = [controlPlaneFinalizer]
    expect(marks({ finalizers }, formed)).toEqual([
      ...guards,
      {
        op: 'add',
        path: '/metadata/annotations',
        value: { [datastoreFormedAnnotation]: 'true', [blockMoveAnnotation]: 'true' },
      },
    ])
    expect(marks({ finalizers, annotations: { [datastoreFormedAnnotation]: 'true' } }, formed)).toBeUndefined()
  })

  it('does not block a move again that a user let go, unless preparations are taken back where the datastore is', () => {
    const metadata = { finalizers: [controlPlaneFinalizer], annotations: { [datastoreFormedAnnotation]: 'true' } }
    expect(marks(metadata)).toBeUndefined()
    const prepared = { type: 'Movable', status: 'True', reason: 'PreparedForMove', message: '', lastTransitionTime: '' }
    const before = { ...withMetadata(metadata), status: { conditions: [prepared] as never } }
    const back = (situation: Situation) =>
      ownMetadata(snapshot({}, { controlPlane: before, ...situation }))?.operations.at(-1)
    const set = liveSet(namesOf('prod').etcd, {})
    const { ownerless } = snapshot({}).hosted
    const blocked = { op: 'add', path: blockedMove, value: 'true' }
    expect(back({ statefulSets: [set] })).toEqual(blocked)
    expect(back({ ownerless: { ...ownerless, statefulSets: [set] } })).toEqual(blocked)
    expect(back({})).toBeUndefined()
  })

  it('takes off what preparations of a move have noted, once they are taken back', () => {
    const annotations = { [preparedVersionAnnotation]: 'v1.36.3+k0s.1' }
    expect(marks({ finalizers: [controlPlaneFinalizer], annotations })).toEqual([
      ...guards,
      { op: 'remove', path: '/metadata/annotations/k0smotron.io~1prepared-version' },
    ])
  })
})
