import {
  blockMoveAnnotation,
  type K0smotronControlPlane,
  namesOf,
  preparedVersionAnnotation,
  prepareMoveAnnotation,
  releasedFromAnnotation,
  unblockedForMoveAnnotation,
} from '@k0smotron-ts/api'
import { expect, it } from 'vitest'
import { ownerIndex } from '../../hosted/wakes/indexes.ts'
import { controlPlane, liveService, liveSet, type Situation, secret, snapshot } from '../../testing/observed.ts'
import { isPreparedForMove, releases, returns, unblocking } from './move.ts'
import { movableCondition, preparedCondition } from './report/movable.ts'
import { preparedStatus } from './report/status.ts'

const names = namesOf('prod')
const guardsOf = ({ metadata }: { metadata: { uid?: string; resourceVersion?: string } }) => [
  { op: 'test', path: '/metadata/uid', value: metadata.uid },
  { op: 'test', path: '/metadata/resourceVersion', value: metadata.resourceVersion },
]
const noteAt = '/metadata/annotations/k0smotron.io~1released-from'
const uid = 'uid-of-prod-cp'
const owner = liveSet(names.etcd, {}).metadata.ownerReferences?.[0]

it('leaves every part behind that the control plane owns, and no other', () => {
  const service = liveService('ClusterIP')
  const other = { apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'other' }
  const set = liveSet(names.etcd, {})
  const shared = {
    ...set,
    metadata: { ...set.metadata, annotations: { a: 'b' }, ownerReferences: [other, ...(owner ? [owner] : [])] },
  }
  const situation: Situation = { services: [service], statefulSets: [shared], secrets: { ca: secret('ca') } }
  expect(releases(snapshot({}, situation)).map(({ object, patch }) => [object.kind, patch.operations])).toEqual([
    [
      'Service',
      [
        ...guardsOf(service),
        { op: 'replace', path: '/metadata/ownerReferences', value: [] },
        { op: 'add', path: '/metadata/annotations', value: { [releasedFromAnnotation]: uid } },
      ],
    ],
    [
      'StatefulSet',
      [
        ...guardsOf(shared),
        { op: 'replace', path: '/metadata/ownerReferences', value: [other] },
        { op: 'add', path: noteAt, value: uid },
      ],
    ],
  ])
})

it('takes back what it left behind, and nothing that another one did', () => {
  const released = (from: string) => {
    const set = liveSet(names.etcd, {})
    const { ownerReferences: _, ...metadata } = set.metadata
    return { ...set, metadata: { ...metadata, annotations: { [releasedFromAnnotation]: from } } }
  }
  const [mine, theirs] = [released(uid), released('another')]
  expect(ownerIndex(mine)).toEqual([uid])
  const found = returns(snapshot({}, { statefulSets: [mine, theirs] }))
  expect(found.map(({ patch }) => patch.operations)).toEqual([
    [
      ...guardsOf(mine),
      {
        op: 'add',
        path: '/metadata/ownerReferences',
        value: [expect.objectContaining({ kind: 'K0smotronControlPlane', uid, controller: true })],
      },
      { op: 'remove', path: noteAt },
    ],
  ])
})

const annotated = (annotations: Readonly<Record<string, string>>): K0smotronControlPlane => {
  const object = controlPlane({})
  return { ...object, metadata: { ...object.metadata, annotations } }
}

const unblocked = { [unblockedForMoveAnnotation]: 'true' }
const unblockedAt = '/metadata/annotations/k0smotron.io~1unblocked-for-move'

it("takes off what blocks a move, at the user's word only, and notes that it was not a user", () => {
  expect(isPreparedForMove(snapshot({}))).toBe(false)
  expect(isPreparedForMove(snapshot({}, { controlPlane: annotated({ [prepareMoveAnnotation]: '' }) }))).toBe(true)
  const blocked = annotated({ [blockMoveAnnotation]: 'true' })
  expect(unblocking(blocked)?.operations).toEqual([
    ...guardsOf(blocked),
    { op: 'add', path: unblockedAt, value: 'true' },
    { op: 'remove', path: '/metadata/annotations/clusterctl.cluster.x-k8s.io~1block-move' },
  ])
  expect(unblocking(controlPlane({}))?.operations.at(-1)).toEqual({
    op: 'add',
    path: '/metadata/annotations',
    value: unblocked,
  })
  expect(unblocking(annotated(unblocked))).toBeUndefined()
})

it('notes what Cluster API has to know where the object goes, since a move takes no status along', () => {
  const version = 'v1.36.3+k0s.1'
  const status = { initialization: { controlPlaneInitialized: true }, version }
  const prepared = { ...annotated({ [prepareMoveAnnotation]: '', ...unblocked }), status }
  const [at, note] = ['/metadata/annotations/k0smotron.io~1prepared-version', { [preparedVersionAnnotation]: version }]
  expect(unblocking(prepared)?.operations).toEqual([...guardsOf(prepared), { op: 'add', path: at, value: version }])
  expect(unblocking({ ...annotated({ ...note, ...unblocked }), status })).toBeUndefined()
  expect(unblocking({ ...prepared, status: { version } })).toBeUndefined()

  const moved = preparedStatus(snapshot({}, { controlPlane: annotated(note) }), undefined)
  expect(moved).toMatchObject({ ...status, externalManagedControlPlane: true })
  const known = preparedStatus(
    snapshot({}, { controlPlane: { ...annotated(note), status: { version: 'v1.0.0' } } }),
    undefined,
  )
  expect(known.version).toBe('v1.0.0')
})

it('says of what is prepared that the Secrets which clusterctl deletes here have to be kept', () => {
  expect(preparedCondition(snapshot({}), undefined)).toEqual({
    type: 'Movable',
    status: 'True',
    reason: 'PreparedForMove',
    message:
      'pods and volumes stay here when this object goes, and nothing is changed until the annotation k0smotron.io/prepare-move is taken off; keep copies of the Secrets prod-ca, prod-sa, prod-proxy and prod-etcd: clusterctl deletes them here, and pods that are replaced need them',
  })
})

it('says what a move would do, once there is something that it would do it to', () => {
  expect(movableCondition(snapshot({}))).toEqual([])
  const formed = { statefulSets: [liveSet(names.etcd, { status: { replicas: 1, readyReplicas: 1 } })] }
  expect(movableCondition(snapshot({}, formed))).toMatchObject([
    { status: 'False', message: expect.stringContaining('a move deletes the pods of this control plane, and makes') },
  ])
  const deleted = movableCondition(snapshot({ storage: { etcd: { autoDeletePVCs: true } } }, formed))
  expect(deleted).toMatchObject([
    { message: expect.stringContaining('by spec.storage.etcd.autoDeletePVCs, its data,') },
  ])
})
