import { namesOf } from '@k0smotron-ts/api'
import type { ConfigMap } from '@k0smotron-ts/runtime'
import { dump } from 'js-yaml'
import { expect, it } from 'vitest'
import {
  type ControlPlaneSpec,
  cluster,
  controlPlane,
  liveConfig,
  liveSet,
  observed,
  type Situation,
} from '../../../testing/observed.ts'
import { networkMark, networkTrouble } from './network-in-use.ts'

const names = namesOf('prod')
const initialized = { initialization: { controlPlaneInitialized: true } }
const mark = 'k0smotron.io/network'
const blocks = (pods: readonly string[], services: readonly string[]) => ({
  cluster: { ...cluster, spec: { clusterNetwork: { pods: { cidrBlocks: pods }, services: { cidrBlocks: services } } } },
})
const spec = { template: { metadata: { labels: { 'k0smotron.io/config': 'inuse' } } } }
const yaml = (network: object | undefined) => dump({ spec: { network } })
const config = (network: object | undefined): ConfigMap => ({
  ...liveConfig('inuse'),
  data: { 'k0s.yaml': yaml(network) },
})
const setWith = (annotations: Readonly<Record<string, string>> = {}) => {
  const set = liveSet(names.statefulSet, { spec: spec as never })
  return { ...set, metadata: { ...set.metadata, annotations } }
}
const living = (network: object | undefined): Situation => ({
  controlPlane: controlPlane({}, initialized),
  statefulSets: [setWith()],
  configMaps: [config(network)],
})
const withNetwork = (network: object): ControlPlaneSpec => ({ k0sConfig: { spec: { network } } })
const troubleOf = (situation: Situation, own: ControlPlaneSpec = {}) =>
  networkTrouble(observed(own, { ...situation, controlPlane: controlPlane(own, initialized) }), 'other')
const changeOf = (...args: Parameters<typeof troubleOf>) =>
  troubleOf(...args)?.message.match(/it would change (.*); write/)?.[1]

it('old and new of each difference are said', () => {
  const before = { podCIDR: '10.8.0.0/16', serviceCIDR: '10.9.0.0/16' }
  const after = blocks(['10.8.0.0/16', 'fd00::/108'], ['10.9.0.0/16', 'fd01::/108'])
  expect(changeOf({ ...living(before), ...after })).toBe(
    'pod blocks from 10.8.0.0/16 to 10.8.0.0/16, fd00::/108, service blocks from 10.9.0.0/16 to 10.9.0.0/16, fd01::/108',
  )
})

it('a provider and a domain are a part of the network', () => {
  expect(changeOf(living({ provider: 'calico', clusterDomain: 'corp.example' }))).toBe(
    'cluster domain from corp.example to cluster.local, network provider from calico to kuberouter',
  )
})

const second = { IPv6podCIDR: 'fd00::/108', IPv6serviceCIDR: 'fd01::/108' }
const off = { dualStack: { enabled: false, ...second } }
const on = { dualStack: { enabled: true, ...second } }
const ends = 'to 10.244.0.0/16, fd00::/108, service blocks from 10.96.0.0/12 to 10.96.0.0/12, fd01::/108'
it.each<[string, object | undefined, object, string | undefined]>([
  ['a default that is written down', undefined, { podCIDR: '10.244.0.0/16', kubeProxy: { disabled: true } }, undefined],
  ['blocks of a second family that is not enabled', undefined, off, undefined],
  ['other ones', off, { dualStack: { enabled: false, IPv6podCIDR: 'fd07::/108' } }, undefined],
  ['a second family that is', off, on, `pod blocks from 10.244.0.0/16 ${ends}`],
])('%s: a change or none', (_, before, after, expected) => {
  expect(changeOf(living(before), withNetwork(after))).toBe(expected)
})

it('nothing is compared for the configuration in use, before the first answer, and where nothing is left', () => {
  const changed = { ...living({ podCIDR: '10.8.0.0/16' }), ...blocks(['10.7.0.0/16'], ['10.9.0.0/16']) }
  expect(troubleOf(changed)).toMatchObject({ reason: 'NetworkChanged' })
  expect(networkTrouble(observed({}, changed), 'inuse')).toBeUndefined()
  expect(networkTrouble(observed({}, { ...changed, controlPlane: controlPlane({}) }), 'other')).toBeUndefined()
  expect(troubleOf({ ...changed, statefulSets: [], configMaps: [] })).toBeUndefined()
})

it('the one object in which earlier releases kept all configurations tells the network too', () => {
  const data = { 'older.k0s.yaml': yaml(undefined), 'inuse.k0s.yaml': yaml({ podCIDR: '10.8.0.0/16' }) }
  const shared = { ...liveConfig('inuse'), metadata: { name: names.config, namespace: 'team' }, data }
  const before = { ...living(undefined), configMaps: [shared] }
  expect(changeOf(before)).toBe('pod blocks from 10.8.0.0/16 to 10.244.0.0/16')
  expect(troubleOf(before, withNetwork({ podCIDR: '10.8.0.0/16' }))).toBeUndefined()
})

it('a mark on the StatefulSet outlives the configuration; one that nobody can read is none', () => {
  const made = networkMark({ podCIDR: '10.8.0.0/16' })
  const marked = (annotations: Readonly<Record<string, string>>) => ({
    ...living({ podCIDR: '10.9.0.0/16' }),
    statefulSets: [setWith(annotations)],
    configMaps: [],
  })
  expect(changeOf(marked(made))).toBe('pod blocks from 10.8.0.0/16 to 10.244.0.0/16')
  expect(troubleOf(marked(made), withNetwork({ podCIDR: '10.8.0.0/16' }))).toBeUndefined()
  for (const rubbish of ['{', '{}', '1', 'null']) {
    expect(troubleOf(marked({ [mark]: rubbish }))).toMatchObject({ reason: 'NetworkUnknown' })
  }
})

it.each<[string, ConfigMap[]]>([
  ['is gone', []],
  ['is not to be read', [{ ...liveConfig('inuse'), data: { 'k0s.yaml': 'a: b: c' } }]],
])(
  'where the configuration %s and nothing else tells the network, the pods stay, and the message says the way out',
  (_, configMaps) => {
    const lost: Situation = { ...living(undefined), configMaps }
    const { reason, message = '' } = troubleOf(lost) ?? {}
    expect(reason).toBe('NetworkUnknown')
    const [, name, key = '', value = ''] = message.match(/annotate StatefulSet (\S+) (\S+)='(.*)'$/) ?? []
    expect(name).toBe(names.statefulSet)
    expect(troubleOf({ ...lost, statefulSets: [setWith({ [key]: value })] })).toBeUndefined()
  },
)

it('while the StatefulSet is gone, any configuration that is left tells the network', () => {
  const left = { ...living(undefined), statefulSets: [], configMaps: [config({ podCIDR: '10.8.0.0/16' })] }
  expect(changeOf(left)).toBe('pod blocks from 10.8.0.0/16 to 10.244.0.0/16')
  expect(troubleOf({ ...left, configMaps: [...left.configMaps, config(undefined)] })).toBeUndefined()
})
