import { namesOf } from '@k0smotron-ts/api'
import type { PersistentVolumeClaim } from '@k0smotron-ts/runtime'
import { describe, expect, it } from 'vitest'
import { certificates, liveSet, observed } from '../../../testing/observed.ts'
import { changedVolume, datastoreQuota, etcdClaim } from './claim.ts'

const liveWith = (storage: string, storageClassName?: string) => {
  const claim = { spec: { resources: { requests: { storage } }, ...(storageClassName && { storageClassName }) } }
  return { statefulSets: [liveSet(namesOf('prod').etcd, { spec: { volumeClaimTemplates: [claim] } as never })] }
}
const specWith = (size: string, storageClass?: string) => ({
  storage: { etcd: { persistence: { size, ...(storageClass && { storageClass }) } } },
})

describe('changedVolume', () => {
  it.each([
    ['nothing while no set is there', specWith('2Gi'), {}, undefined],
    ['nothing for the same size in another spelling', specWith('2048Mi'), liveWith('2Gi'), undefined],
    ['another size', specWith('3Gi'), liveWith('2Gi'), 'size'],
    ['another class', specWith('2Gi', 'fast'), liveWith('2Gi', 'slow'), 'storageClass'],
    ['a class that was taken out', specWith('2Gi'), liveWith('2Gi', 'slow'), 'storageClass'],
  ])('names %s', (_, spec, situation, expected) => {
    expect(changedVolume(observed(spec, situation))).toBe(expected)
  })
})

it.each(['0', ''])('a size of %j is none, as Go clients write it', size => {
  expect(etcdClaim(observed(specWith(size), {})).spec?.resources?.requests).toEqual({ storage: '1Gi' })
})

it('the claim of a live set stays as it was made', () => {
  const { spec } = etcdClaim(observed(specWith('3Gi', 'fast'), liveWith('2Gi', 'slow')))
  expect(spec).toMatchObject({ storageClassName: 'slow', resources: { requests: { storage: '2Gi' } } })
})

it.each([
  ['1Gi', 389_231_411],
  ['8Gi', 6_402_185_625],
  ['64Gi', 8_589_934_592],
  ['512Mi', 134_217_728],
])('the quota of a volume of %s is %d bytes, and leaves room for the write-ahead log', (size, bytes) => {
  expect(datastoreQuota(observed(specWith(size), certificates))).toBe(bytes)
})

const unmarkedVolume = { metadata: { name: 'etcd-data-kmc-prod-etcd-0' } } as PersistentVolumeClaim

it.each([
  ['a live set that is older than quotas keeps the 2 GiB of etcd itself', liveWith('1Gi'), undefined],
  ['also when its set is gone, and only the volume is there', { datastoreVolume: unmarkedVolume }, undefined],
  ['and gets more where its volume has room for more', liveWith('8Gi'), 6_402_185_625],
])('%s', (_, situation, bytes) => {
  expect(datastoreQuota(observed(specWith('1Gi'), { ...certificates, ...situation }))).toBe(bytes)
})

it('carries the fingerprints of its authorities from its creation on; that of a live set stays as it was made', () => {
  const mark = { 'k0smotron.io/authority': 'fingerprint of etcd' }
  const both = { ...mark, 'k0smotron.io/cluster-authority': 'fingerprint of ca' }
  expect(etcdClaim(observed({}, certificates)).metadata).toEqual({ name: 'etcd-data', annotations: both })
  const marked = liveSet(namesOf('prod').etcd, {
    spec: {
      volumeClaimTemplates: [{ metadata: { name: 'etcd-data', annotations: { ...mark, other: 'x' } }, spec: {} }],
    },
  } as never)
  const live = observed({}, { ...certificates, statefulSets: [marked] })
  expect(etcdClaim(live).metadata).toEqual({ name: 'etcd-data', annotations: mark })
  const unmarked = { ...certificates, ...liveWith('2Gi') }
  expect(etcdClaim(observed({}, unmarked)).metadata).toEqual({ name: 'etcd-data' })
  const found = { ...certificates, datastoreVolume: unmarkedVolume }
  expect(etcdClaim(observed({}, found)).metadata).toEqual({ name: 'etcd-data' })
})
