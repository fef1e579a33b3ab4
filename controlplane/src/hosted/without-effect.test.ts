import { describe, expect, it } from 'vitest'
import { type ControlPlaneSpec, cluster, liveService, observed } from '../testing/observed.ts'
import { unsupportedFields } from './not-supported.ts'
import { overriddenFields, unusedBlocks } from './without-effect.ts'

const exposed = { services: [liveService('ClusterIP')] }
const config = (spec: object): ControlPlaneSpec => ({ k0sConfig: { spec } })

describe('of the k0s configuration', () => {
  it('address, ports and storage that are not so are named', () => {
    const spec = config({
      api: { externalAddress: 'api.example.net', port: 7443, sans: ['kept'] },
      konnectivity: { agentPort: 9132 },
      storage: { type: 'kine' },
    })
    expect(overriddenFields(observed(spec, exposed))).toEqual([
      'spec.k0sConfig.spec.api.externalAddress',
      'spec.k0sConfig.spec.api.port',
      'spec.k0sConfig.spec.konnectivity.agentPort',
      'spec.k0sConfig.spec.storage',
    ])
  })

  it.each<[string, object]>([
    ['what is so anyway', { api: { externalAddress: '10.96.7.7', port: 30443 }, konnectivity: { agentPort: 30132 } }],
    ['the default storage', { storage: { type: 'etcd' } }],
    ['empty sections', { api: {}, storage: {}, konnectivity: null }],
    [
      'an address with node-local load balancing, which is kept',
      { api: { externalAddress: 'a' }, network: { nodeLocalLoadBalancing: { enabled: true } } },
    ],
  ])('%s is not named', (_, spec) => {
    expect(overriddenFields(observed(config(spec), exposed))).toEqual([])
  })

  it('nothing is named before the endpoint is known', () => {
    expect(overriddenFields(observed(config({ api: { port: 7443 } })))).toEqual([])
  })
})

describe('of the network of the Cluster', () => {
  const [v4, other, v6, services4, services6] = [
    '10.8.0.0/16',
    '10.7.0.0/16',
    'fd00:8::/56',
    '10.9.0.0/16',
    'fd00:9::/108',
  ]
  const situation = (pods: readonly string[], services: readonly string[]) => ({
    cluster: {
      ...cluster,
      spec: { clusterNetwork: { pods: { cidrBlocks: pods }, services: { cidrBlocks: services } } },
    },
  })

  it.each<[string, readonly string[], readonly string[], object, readonly string[]]>([
    ['one family', [v4], [services4], { podCIDR: v4, serviceCIDR: services4 }, []],
    [
      'two families, whatever the order',
      [v6, v4],
      [services4, services6],
      {
        podCIDR: v4,
        serviceCIDR: services4,
        dualStack: { enabled: true, IPv6podCIDR: v6, IPv6serviceCIDR: services6 },
      },
      [],
    ],
    [
      'half a dual stack',
      [v4, v6],
      [services4],
      { podCIDR: v4, serviceCIDR: services4 },
      ['Cluster prod: spec.clusterNetwork.pods.cidrBlocks fd00:8::/56 (services have no IPv6 block)'],
    ],
    [
      'half a dual stack where the other family is in common',
      [v4, v6],
      [services6],
      { podCIDR: v6, serviceCIDR: services6 },
      ['Cluster prod: spec.clusterNetwork.pods.cidrBlocks 10.8.0.0/16 (services have no IPv4 block)'],
    ],
    [
      'a second block of one family',
      [v4, other],
      [services4],
      { podCIDR: v4, serviceCIDR: services4 },
      ['Cluster prod: spec.clusterNetwork.pods.cidrBlocks 10.7.0.0/16 (a second block of IPv4)'],
    ],
  ])('%s', (_, pods, services, network, named) => {
    expect(observed({}, situation(pods, services)).k0sNetwork).toEqual(network)
    expect(unusedBlocks(observed({}, situation(pods, services)))).toEqual(named)
  })

  it('a block that the k0s configuration replaces is named', () => {
    const replaced = observed(config({ network: { podCIDR: other } }), situation([v4], [services4]))
    expect(unusedBlocks(replaced)).toEqual([
      'Cluster prod: spec.clusterNetwork.pods.cidrBlocks 10.8.0.0/16 (spec.k0sConfig.spec.network.podCIDR is used)',
    ])
  })

  it('so is a block of a second family that the k0s configuration does not enable', () => {
    const disabled = { dualStack: { enabled: false, IPv6podCIDR: v6, IPv6serviceCIDR: services6 } }
    expect(unusedBlocks(observed(config({ network: disabled }), situation([v4, v6], [services4, services6])))).toEqual([
      `Cluster prod: spec.clusterNetwork.pods.cidrBlocks ${v6} (spec.k0sConfig.spec.network.dualStack is used)`,
      `Cluster prod: spec.clusterNetwork.services.cidrBlocks ${services6} (spec.k0sConfig.spec.network.dualStack is used)`,
    ])
  })
})

describe('a setting without which the control plane cannot do what was asked blocks its start', () => {
  const blocking = (spec: ControlPlaneSpec) =>
    unsupportedFields(observed(spec)).flatMap(({ path, blocks }) => (blocks ? [path] : []))
  const mounts = [{ path: '/etc/other' }, { path: '/var/lib/k0s/policy/' }]
  const into = '/var/lib/k0s/policy/audit.yaml'

  it.each<[string, ControlPlaneSpec, readonly string[]]>([
    [
      'a mount that the k0s configuration points into',
      { mounts, ...config({ api: { extraArgs: { 'audit-policy-file': into } } }) },
      ['spec.mounts[1]'],
    ],
    ['a mount that a flag points into', { mounts, controlPlaneFlags: [`--x=${into}`] }, ['spec.mounts[1]']],
    ['a mount that a flag names', { mounts, controlPlaneFlags: ['--x', '/var/lib/k0s/policy'] }, ['spec.mounts[1]']],
    ['no mount that nothing points into', { mounts, controlPlaneFlags: ['--x=/var/lib/k0s/policy2/a'] }, []],
    [
      'an ingress',
      { ingress: { apiHost: 'api.example', konnectivityHost: 'k.example' } },
      ['spec.ingress.apiHost', 'spec.ingress.konnectivityHost'],
    ],
  ])('%s', (_, spec, paths) => {
    expect(blocking(spec)).toEqual(paths)
  })
})
