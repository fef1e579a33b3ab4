// What a user may write as configuration of k0s — core
import { expect, it } from 'vitest'
import { observed } from '../../../testing/observed.ts'
import { faultOfUserConfig } from './user-config.ts'

const faultOf = (k0sConfig: object) => faultOfUserConfig(observed({ k0sConfig } as never))

it.each([
  ['nothing', {}],
  ['an empty section', { spec: { api: {} } }],
  ['its own kind and version', { apiVersion: 'k0s.k0sproject.io/v1beta1', kind: 'ClusterConfig' }],
  ['what we do not look into, whatever it is', { spec: { extensions: { helm: ['x'] }, telemetry: 'no' } }],
])('%s is taken', (_, config) => {
  expect(faultOf(config)).toBeUndefined()
})

it.each([
  [
    'another version',
    { apiVersion: 'k0s.k0sproject.io/v1' },
    'spec.k0sConfig.apiVersion is "k0s.k0sproject.io/v1"; write k0s.k0sproject.io/v1beta1',
  ],
  ['another kind', { kind: 'Config' }, 'spec.k0sConfig.kind is "Config"; write ClusterConfig'],
  ['a list for a section', { spec: { api: ['x'] } }, 'spec.k0sConfig.spec.api is ["x"]; write an object'],
  [
    'a text for a section',
    { spec: { network: { kubeProxy: 'off' } } },
    'spec.k0sConfig.spec.network.kubeProxy is "off"; write an object',
  ],
  ['a text for a list', { spec: { api: { sans: 'a' } } }, 'spec.k0sConfig.spec.api.sans is "a"; write a list of names'],
  ['numbers for names', { spec: { api: { sans: [1] } } }, 'spec.k0sConfig.spec.api.sans is [1]; write a list of names'],
  [
    'a text for arguments',
    { spec: { api: { rawArgs: '--v=2' } } },
    'spec.k0sConfig.spec.api.rawArgs is "--v=2"; write a list of arguments',
  ],
  [
    'an object for arguments',
    { spec: { api: { rawArgs: { v: '2' } } } },
    'spec.k0sConfig.spec.api.rawArgs is {"v":"2"}; write a list of arguments',
  ],
  [
    'numbers for arguments',
    { spec: { api: { rawArgs: ['--v=2', 2] } } },
    'spec.k0sConfig.spec.api.rawArgs is ["--v=2",2]; write a list of arguments',
  ],
])('%s is named, with what to write', (_, config, message) => {
  expect(faultOf(config)).toContain(message)
})
