import { namesOf } from '@k0smotron-ts/api'
import type { Outcome, Service } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import { liveConfig, liveService, liveSet, observed } from '../testing/observed.ts'
import { fieldManager } from './identity.ts'
import { orphans } from './phases.ts'

const names = namesOf('prod')
const made = (service: Service, metadata: object = {}): Service => ({
  ...service,
  metadata: {
    ...service.metadata,
    labels: { 'app.kubernetes.io/component': 'control-plane' },
    managedFields: [{ manager: fieldManager, operation: 'Apply', fieldsV1: {} }],
    ...metadata,
  },
})
const before = made(liveService('NodePort'))
const wanted = made(liveService('ClusterIP'))
const outcome = (status: 'True' | 'False'): Outcome => ({
  conditions: [{ type: 'EndpointAvailable', status, reason: 'R', message: '' }],
  objects: [wanted],
})
const namesIn = (services: readonly Service[], ...outcomes: readonly Outcome[]) =>
  orphans(observed({}, { services, statefulSets: [liveSet(names.etcd, {})] }), outcomes).map(
    ({ object }) => object.metadata.name,
  )

it('what no phase asks for any more is an orphan, a StatefulSet never', () => {
  expect(namesIn([before, wanted], outcome('True'))).toEqual([names.service.NodePort])
})

it('waiting deletes nothing', () => {
  expect(namesIn([before, wanted], outcome('True'), outcome('False'))).toEqual([])
})

it.each([
  ['that is going already', made(before, { deletionTimestamp: 'now' })],
  ['of someone else', made(before, { ownerReferences: [] })],
  ['that is no part of a control plane', made(before, { labels: {} })],
  ['that somebody else applied', made(before, { managedFields: [] })],
])('an object %s is left alone', (_, service) => {
  expect(namesIn([service], outcome('True'))).toEqual([])
})

it('a configuration goes when no pod, no revision and no StatefulSet refers to it, also while something is waited for', () => {
  const template = { metadata: { labels: { 'k0smotron.io/config': 'newest0000' } } }
  const snapshot = observed(
    {},
    {
      configsInUse: ['inuse00000'],
      configMaps: [liveConfig('inuse00000'), liveConfig('newest0000'), liveConfig('unused0000')],
      statefulSets: [liveSet(names.statefulSet, { spec: { template } as never })],
    },
  )
  const going = orphans(snapshot, [outcome('False')]).map(({ object }) => object.metadata.name)
  expect(going).toEqual(['kmc-prod-config-unused0000'])
})
