import { dump } from 'js-yaml'
import { expect, it } from 'vitest'
import { cluster, controlPlane, liveConfig, liveSet, observed, type Situation } from '../../../testing/observed.ts'
import { networkChange } from './network.ts'

const blocks = (pods: readonly string[], services: readonly string[]) => ({
  cluster: { ...cluster, spec: { clusterNetwork: { pods: { cidrBlocks: pods }, services: { cidrBlocks: services } } } },
})
const template = { metadata: { labels: { 'k0smotron.io/config': 'inuse' } } }
const living = (network: object | undefined): Situation => ({
  controlPlane: controlPlane({}, { initialization: { controlPlaneInitialized: true } }),
  statefulSets: [liveSet('kmc-prod', { spec: { template } as never })],
  configMaps: [{ ...liveConfig('inuse'), data: { 'k0s.yaml': dump({ spec: { network } }) } }],
})
const changeOf = (situation: Situation, hash = 'other') => networkChange(observed({}, situation), hash)

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

it('a default that is written down changes nothing, nor do other parts of the network', () => {
  const { controlPlane: _, ...rest } = living(undefined)
  const spec = { k0sConfig: { spec: { network: { podCIDR: '10.244.0.0/16', kubeProxy: { disabled: true } } } } }
  const live = controlPlane(spec, { initialization: { controlPlaneInitialized: true } })
  expect(changeOf({ ...rest, controlPlane: live })).toBeUndefined()
})

it('nothing is compared for the configuration in use, before the first answer, and without a StatefulSet', () => {
  const changed = { ...living({ podCIDR: '10.8.0.0/16' }), ...blocks(['10.7.0.0/16'], ['10.9.0.0/16']) }
  expect(changeOf(changed)).toBeDefined()
  expect(changeOf(changed, 'inuse')).toBeUndefined()
  expect(changeOf({ ...changed, controlPlane: controlPlane({}) })).toBeUndefined()
  expect(changeOf({ ...changed, statefulSets: [] })).toBeUndefined()
})
