import {
  blockMoveAnnotation,
  controlPlaneFinalizer,
  datastoreFormedAnnotation,
  namesOf,
  preparedVersionAnnotation,
  releasedFromAnnotation,
  unblockedForMoveAnnotation,
} from '@k0smotron-ts/api'
import { describe, expect, it } from 'vitest'
import { labelsOf } from '../../hosted/identity.ts'
import { controlPlane, k0sPod, liveSet, readyStatus, type Situation, snapshot } from '../../testing/observed.ts'
import { ownMetadata } from './claim.ts'
import { movableCondition } from './report/movable.ts'

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
const unblockedForMove = '/metadata/annotations/k0smotron.io~1unblocked-for-move'
const set = liveSet(namesOf('prod').etcd, {})
const { ownerless: none } = snapshot({}).hosted

/** As a restore brings it back. */
const ownerless = (annotations: Readonly<Record<string, string>>) => {
  const { ownerReferences: _, ...metadata } = set.metadata
  return { ...set, metadata: { ...metadata, labels: labelsOf({ clusterName: 'prod' }, 'etcd'), annotations } }
}
const movable = (reason: string) => ({ type: 'Movable', status: 'False', reason, message: '', lastTransitionTime: '' })

function afterPreparations(conditions: readonly object[], situation: Situation) {
  const annotations = { [datastoreFormedAnnotation]: 'true', [unblockedForMoveAnnotation]: 'true' }
  const before = withMetadata({ finalizers: [controlPlaneFinalizer], annotations })
  const found = snapshot({}, { controlPlane: { ...before, status: { conditions: conditions as never } }, ...situation })
  return ownMetadata(found)?.operations
}

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

  it('says so of a database too, which a move does not end: nothing blocks it', () => {
    const object = {
      ...withMetadata({ finalizers: [controlPlaneFinalizer] }),
      spec: { storage: { type: 'kine' } },
    } as const
    const found = snapshot({}, { controlPlane: object, pods: [k0sPod(readyStatus as never)] })
    expect(ownMetadata(found)?.operations).toEqual([
      ...guards,
      { op: 'add', path: '/metadata/annotations', value: { [datastoreFormedAnnotation]: 'kine' } },
    ])
    expect(movableCondition(found)).toEqual([])
  })

  it('does not block a move again that a user let go', () => {
    const metadata = { finalizers: [controlPlaneFinalizer], annotations: { [datastoreFormedAnnotation]: 'true' } }
    expect(marks(metadata, { statefulSets: [set] })).toBeUndefined()
  })

  it.each<[string, Situation, readonly object[]]>([
    ['right after them', { statefulSets: [set] }, [movable('PreparedForMove')]],
    ['where the data was brought back later', { statefulSets: [set] }, []],
    ['where that was refused before', { statefulSets: [set] }, [movable('PodsAndVolumesStay')]],
    ['where the parts have no owner yet', { ownerless: { ...none, statefulSets: [ownerless({})] } }, []],
  ])('blocks a move again after preparations of one: %s', (_, situation, conditions) => {
    expect(afterPreparations(conditions, situation)).toEqual([
      ...guards,
      { op: 'add', path: blockedMove, value: 'true' },
      { op: 'remove', path: unblockedForMove },
    ])
  })

  it.each<[string, Situation]>([
    ['where there is no datastore: it was moved away', {}],
    [
      'where it was left behind for another, and is not given to this one',
      { ownerless: { ...none, statefulSets: [ownerless({ [releasedFromAnnotation]: 'uid-of-another' })] } },
    ],
  ])('does not block a move after preparations %s, and can still do so later', (_, situation) => {
    expect(afterPreparations([movable('PreparedForMove')], situation)).toBeUndefined()
  })

  it('does not block a move again before there is data', () => {
    const annotations = { [unblockedForMoveAnnotation]: 'true' }
    expect(marks({ finalizers: [controlPlaneFinalizer], annotations }, { statefulSets: [set] })).toBeUndefined()
  })

  it('takes off what preparations of a move have noted, once they are taken back', () => {
    const annotations = { [preparedVersionAnnotation]: 'v1.36.3+k0s.1' }
    expect(marks({ finalizers: [controlPlaneFinalizer], annotations })).toEqual([
      ...guards,
      { op: 'remove', path: '/metadata/annotations/k0smotron.io~1prepared-version' },
    ])
  })
})
