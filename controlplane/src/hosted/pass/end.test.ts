import { namesOf } from '@k0smotron-ts/api'
import { expect, it } from 'vitest'
import { liveSet, observed } from '../../testing/observed.ts'
import { remaining } from './end.ts'

const names = namesOf('prod')
const setOf = (name: string, component: string, deletionTimestamp?: string) => {
  const set = liveSet(name, {})
  const metadata = { ...set.metadata, labels: { component }, ...(deletionTimestamp && { deletionTimestamp }) }
  return { ...set, metadata }
}
const k0s = setOf(names.statefulSet, 'cluster')
const etcd = setOf(names.etcd, 'etcd')

it('ends k0s before its datastore', () => {
  expect(remaining(observed({}, { statefulSets: [etcd, k0s] }))).toEqual({
    message: 'waiting for the control plane pods of StatefulSet kmc-prod to end',
    deletions: [k0s],
  })
  expect(remaining(observed({}, { statefulSets: [etcd] }))?.deletions).toEqual([etcd])
})

it('deletes nothing twice, and waits until it is gone', () => {
  const going = setOf(names.statefulSet, 'cluster', 'now')
  expect(remaining(observed({}, { statefulSets: [going, etcd] }))).toMatchObject({ deletions: [] })
  expect(remaining(observed({}))).toBeUndefined()
})
