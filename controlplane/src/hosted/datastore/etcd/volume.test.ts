import { type K0smotronControlPlane, namesOf } from '@k0smotron-ts/api'
import type { PersistentVolumeClaim } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import {
  certificates,
  controlPlane,
  etcdService,
  liveSet,
  observed,
  type Situation,
} from '../../../testing/observed.ts'
import { renderEtcd } from './outcome.ts'
import { mayStart, unusedVolume } from './volume.ts'

const names = namesOf('prod')
const claim = `etcd-data-${names.etcd}-0`
const ours = 'fingerprint of etcd'
const ourCluster = 'fingerprint of ca'

const volume = (mark?: string, clusterMark?: string, more: object = {}): PersistentVolumeClaim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: {
    name: claim,
    annotations: {
      ...(mark && { 'k0smotron.io/authority': mark }),
      ...(clusterMark && { 'k0smotron.io/cluster-authority': clusterMark }),
    },
    ...more,
  },
})
const going = { deletionTimestamp: '2026-05-01T00:00:00Z' }

const formed = (): K0smotronControlPlane => {
  const object = controlPlane({})
  return { ...object, metadata: { ...object.metadata, annotations: { 'k0smotron.io/datastore-formed': 'true' } } }
}
const ready: Situation = { ...certificates, services: [etcdService] }
const withVolume = (datastoreVolume: PersistentVolumeClaim | undefined, more: Situation = {}) =>
  observed({}, { ...ready, ...(datastoreVolume && { datastoreVolume }), ...more })
const outcomeOf = (situation: ReturnType<typeof observed>) => {
  const { conditions, objects } = renderEtcd(situation)
  const starts = objects.some(({ kind }) => kind === 'StatefulSet')
  return { reason: conditions[0]?.reason, message: conditions[0]?.message ?? '', starts }
}

it.each<[string, PersistentVolumeClaim | undefined]>([
  ['without a volume', undefined],
  ['on a volume of the same authorities: a restore without status', volume(ours, ourCluster)],
])('a new control plane starts %s', (_, found) => {
  expect(outcomeOf(withVolume(found)).starts).toBe(true)
})

it.each<[string, PersistentVolumeClaim, string]>([
  ['of another authority', volume('other', ourCluster), `made with another authority than Secret ${names.etcdCA} has`],
  [
    'of another cluster with the same etcd authority, as where users bring it',
    volume(ours, 'other'),
    `made with another authority than Secret ${names.ca} has`,
  ],
  [
    'that nobody marked',
    volume(),
    `or annotate it k0smotron.io/authority=${ours} k0smotron.io/cluster-authority=${ourCluster} to use its data`,
  ],
  [
    'that an earlier release marked',
    volume(ours),
    `was there before this control plane; delete it to begin with an empty datastore, or annotate it k0smotron.io/cluster-authority=${ourCluster} to use its data`,
  ],
  ['that is going', volume(ours, ourCluster, going), 'is being deleted; waiting until it is gone'],
])('a new control plane does not start on a volume %s', (_, found, words) => {
  const { reason, message, starts } = outcomeOf(withVolume(found))
  expect({ reason, starts }).toEqual({ reason: 'DatastoreVolumeFound', starts: false })
  expect(message).toContain(`PersistentVolumeClaim ${claim} `)
  expect(message).toContain(words)
})

it.each<[string, PersistentVolumeClaim | undefined, string | undefined]>([
  ['starts on its volume', volume(ours, ourCluster), undefined],
  ['starts on its volume of an earlier release', volume(), undefined],
  ['starts on its volume of a release that marked it with one of the two', volume(ours), undefined],
  ["does not start on another's", volume('other'), 'DatastoreVolumeFound'],
  ["does not start on another's of the same etcd authority", volume(ours, 'other'), 'DatastoreVolumeFound'],
  ['does not start without one', undefined, 'DatastoreLost'],
  ['does not start on one that is going', volume(ours, ourCluster, going), 'DatastoreLost'],
])('a control plane whose datastore has formed %s', (_, found, reason) => {
  const outcome = outcomeOf(withVolume(found, { controlPlane: formed() }))
  expect(outcome.starts).toBe(reason === undefined)
  if (reason) expect(outcome.reason).toBe(reason)
})

const volumeOf = (ordinal: number, more: object = {}, mark = 'other'): PersistentVolumeClaim =>
  volume(mark, ourCluster, { name: `etcd-data-${names.etcd}-${ordinal}`, ...more })

it.each<[string, readonly PersistentVolumeClaim[], string]>([
  [
    'of all members that somebody kept',
    [volumeOf(2), volumeOf(1)],
    `PersistentVolumeClaims etcd-data-${names.etcd}-1, etcd-data-${names.etcd}-2 were made with another authority than Secret ${names.etcdCA} has; delete them to begin`,
  ],
  [
    'that go',
    [volumeOf(1, going)],
    `PersistentVolumeClaim etcd-data-${names.etcd}-1 is being deleted; waiting until it is gone`,
  ],
])('a new control plane does not start beside volumes %s', (_, datastoreClaims, words) => {
  for (const first of [undefined, volume(ours, ourCluster)]) {
    const { reason, message, starts } = outcomeOf(withVolume(first, { datastoreClaims }))
    expect({ reason, starts }).toEqual({ reason: 'DatastoreVolumeFound', starts: false })
    expect(message).toContain(words)
  }
})

it('each reason is told with the volumes that it is of', () => {
  const datastoreClaims = [volumeOf(1), volumeOf(2, { annotations: {} })]
  const { message } = outcomeOf(withVolume(undefined, { datastoreClaims }))
  expect(message).toMatch(/etcd-1 was made with another authority .*; PersistentVolumeClaim \S+-2 was there before/)
})

it('a control plane starts beside the volumes of its own other members', () => {
  expect(outcomeOf(withVolume(undefined, { datastoreClaims: [volumeOf(1, {}, ours)] })).starts).toBe(true)
  const own = { controlPlane: formed(), datastoreClaims: [volumeOf(1, { ...going, annotations: {} })] }
  expect(outcomeOf(withVolume(volume(ours, ourCluster), own)).starts).toBe(true)
})

it.each(['ca', 'etcd'] as const)(
  'while Secret %s is not there, nobody is told to delete a volume that may be its own',
  authority => {
    const { [authority]: _, ...known } = certificates.certificates
    const found = withVolume(volume(ours, ourCluster), { controlPlane: formed(), certificates: known })
    const name = authority === 'ca' ? names.ca : names.etcdCA
    expect(outcomeOf(found)).toEqual({
      reason: 'WaitingForCertificates',
      message: `waiting for a usable Secret ${name}, which tells whether PersistentVolumeClaim ${claim} is of this control plane`,
      starts: false,
    })
  },
)

it('the volume is looked for only where etcd might start without members being there', () => {
  const live = [liveSet(names.etcd, {})]
  expect(unusedVolume(withVolume(undefined))).toBe(claim)
  expect(unusedVolume(withVolume(undefined, { statefulSets: live }))).toBeUndefined()
  expect(unusedVolume(withVolume(undefined, { services: [] }))).toBeUndefined()
  expect(unusedVolume(withVolume(undefined, { services: [], controlPlane: formed() }))).toBe(claim)
})

it('k0s starts only after the volume of etcd was looked for, or beside members that live', () => {
  const unseen = { services: [] }
  expect(mayStart(withVolume(undefined))).toBe(true)
  expect(mayStart(withVolume(undefined, unseen))).toBe(false)
  expect(mayStart(withVolume(undefined, { ...unseen, statefulSets: [liveSet(names.etcd, {})] }))).toBe(true)
  expect(mayStart(withVolume(volume(ours, ourCluster), { ...unseen, controlPlane: formed() }))).toBe(true)
})
