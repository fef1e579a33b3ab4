import { parseK0sVersion } from '@k0smotron-ts/api'
import { load } from 'js-yaml'
import { expect, it } from 'vitest'
import { observed } from '../../../testing/observed.ts'
import type { HostedSpec } from '../../input.ts'
import { knowsStacks, placeholder, stackFiles } from './stacks.ts'

const [coredns, kubeProxy, konnectivity, metricsServer, kubeRouter] = [
  'coredns/coredns.yaml',
  'kubeproxy/kube-proxy.yaml',
  'konnectivity/konnectivity-agent.yaml',
  'metricserver/metric_server.yaml',
  'kuberouter/kube-router.yaml',
]
const calico = [
  'calico_init/calico-crd-tiers.crd.projectcalico.org.yaml',
  'calico/calico-ServiceAccount-calico-node.yaml',
]
const always = [coredns, kubeProxy, konnectivity, metricsServer]

const network = (settings: object): HostedSpec => ({ k0sConfig: { spec: { network: settings } } })

const cases: readonly (readonly [string, HostedSpec, readonly string[]])[] = [
  ['defaults', {}, [...always, kubeRouter]],
  ['kube-router by name', network({ provider: 'kuberouter' }), [...always, kubeRouter]],
  ['calico', network({ provider: 'calico' }), [...always, ...calico]],
  ['a network of the user', network({ provider: 'custom' }), always],
  ['a provider that k0s does not know', network({ provider: 'constructor' }), always],
  ['no kube-proxy', network({ kubeProxy: { disabled: true } }), [coredns, konnectivity, metricsServer, kubeRouter]],
  [
    'components switched off in one word',
    { controlPlaneFlags: ['--disable-components=konnectivity-server,metrics-server'] },
    [coredns, kubeProxy, kubeRouter],
  ],
  [
    'components switched off one by one',
    { controlPlaneFlags: ['--disable-components', 'coredns', '--disable-components', 'kube-proxy,network-provider'] },
    [konnectivity, metricsServer],
  ],
  [
    'the metrics scraper',
    { controlPlaneFlags: ['--enable-metrics-scraper'] },
    [...always, kubeRouter, 'metrics/pushgateway.yaml'],
  ],
  ['a configuration file of the user', { controlPlaneFlags: ['-c', '/my.yaml'] }, always],
]

const version = (text: string) => parseK0sVersion(text) ?? expect.fail(text)

it.each(cases)('one file per stack in use: %s', (_, spec, files) => {
  expect(stackFiles(observed(spec), version('v1.36.3+k0s.1'))).toEqual(files)
})

it.each([
  ['v1.33.6+k0s.0', false],
  ['v1.34.1+k0s.0', true],
  ['v1.35.4', true],
  ['v1.36.99+k0s.0', true],
  ['v1.37.0-alpha.1+k0s.0', false],
  ['v1.37.0+k0s.0', false],
  ['v2.35.0+k0s.0', false],
])('%s: the files are known: %s', (text, isKnown) => {
  expect(knowsStacks(version(text))).toBe(isKnown)
  expect(stackFiles(observed({}), version(text)).length > 0).toBe(isKnown)
})

it('a placeholder is no empty document, which would prune, and no object, which would be applied', () => {
  expect(load(placeholder)).toEqual({ placeholder: expect.any(String) })
})
