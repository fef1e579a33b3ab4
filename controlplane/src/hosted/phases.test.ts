import { namesOf } from '@k0smotron-ts/api'
import type { Outcome, Service } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import { k0sPod, liveConfig, liveService, liveSet, observed, readyStatus, type Situation } from '../testing/observed.ts'
import { fieldManager } from './identity.ts'
import { orphans, summarize } from './phases.ts'

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

it('what keeps others from verifying tokens keeps nothing else', () => {
  const oidc = { type: 'OIDCDocumentsAvailable', status: 'False', reason: 'NotOurs', message: 'm' } as const
  const documents: Outcome = { conditions: [oidc], objects: [] }
  expect(namesIn([before, wanted], outcome('True'), documents)).toEqual([names.service.NodePort])
  const outcomes = summarize(observed({}), [outcome('True'), documents])
  const available = outcomes.flatMap(({ conditions }) => conditions).find(({ type }) => type === 'Available')
  expect(available).not.toMatchObject({ reason: 'NotOurs' })
})

it('documents that nothing asks for any more go', () => {
  const { metadata, ...documents } = liveConfig('')
  const name = names.oidc
  const labels = { 'app.kubernetes.io/component': 'oidc' }
  const live = { ...documents, metadata: { ...metadata, name, labels } }
  const going = (outcomes: readonly Outcome[]) =>
    orphans(observed({}, { configMaps: [live] }), outcomes).map(({ object }) => object.metadata.name)
  expect(going([outcome('True')])).toEqual([name])
  expect(going([outcome('False')])).toEqual([])
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

const settled = [outcome('True')]
const shared = {
  ...liveConfig('none'),
  metadata: {
    ...liveConfig('none').metadata,
    name: names.config,
    labels: { 'app.kubernetes.io/component': 'cluster-config' },
  },
}
const marked = (hash: string | undefined) => ({ metadata: { labels: hash ? { 'k0smotron.io/config': hash } : {} } })
const setOf = (template: object) => liveSet(names.statefulSet, { spec: { template } as never })
const mount = { spec: { volumes: [{ name: 'config', configMap: { name: names.config } }] } }

it.each<[string, boolean, Situation]>([
  ['a template of it is newest', true, { statefulSets: [setOf({ ...marked('older'), ...mount })] }],
  ['a revision of it can still make a pod', true, { statefulSets: [setOf(marked('new'))], configsInUse: ['older'] }],
  ['a pod says no configuration', true, { statefulSets: [setOf(marked('new'))], pods: [k0sPod(readyStatus)] }],
  ['the StatefulSet is gone', true, {}],
  ['all that there is has its own', false, { statefulSets: [setOf(marked('new'))], configsInUse: ['new'] }],
])('the one object in which earlier releases kept all configurations, while %s: kept %s', (_, isKept, situation) => {
  const snapshot = observed({}, { configMaps: [shared, liveConfig('new')], ...situation })
  const going = orphans(snapshot, settled).map(({ object }) => object.metadata.name)
  expect(going.includes(names.config)).toBe(!isKept)
})

it('while the StatefulSet is gone no configuration goes: nothing else tells what it was made with', () => {
  expect(orphans(observed({}, { configMaps: [liveConfig('last')] }), [outcome('False')])).toEqual([])
})
