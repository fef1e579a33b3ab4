// From the spec to what user data is rendered from — core
import type { K0sWorkerConfig } from '@k0smotron-ts/api'
import { expect, test } from 'vitest'
import type { WorkerInput } from '../../../cloudinit/types.ts'
import { machinePool, observed, without } from '../../../testing/observed.ts'
import { workerOf } from './worker-input.ts'

const label = '--labels=k0smotron.io/machine-name=m1'

test.each<[string, K0sWorkerConfig['spec'], Partial<WorkerInput>]>([
  [
    'defaults',
    {},
    {
      installDir: '/usr/local/bin',
      workingDir: '/etc',
      args: [label, '--kubelet-extra-args=--hostname-override=m1'],
      before: [],
      after: [],
    },
  ],
  ['the system names the node', { useSystemHostname: true }, { args: [label] }],
  [
    'k0s in the image, whatever the URL',
    { preInstalledK0s: true, downloadURL: 'https://a/k0s' },
    { source: { kind: 'installed' } },
  ],
  ['a binary', { downloadURL: 'https://a/k0s' }, { source: { kind: 'binary', url: 'https://a/k0s' } }],
  [
    'a blob',
    { downloadURL: 'oci://r.io/k0s@sha256:aa' },
    { source: { kind: 'blob', reference: 'r.io/k0s@sha256:aa' } },
  ],
  [
    'the installer by its name',
    { downloadURL: 'https://get.k0s.sh/' },
    { source: { kind: 'script', url: 'https://get.k0s.sh', version: 'v1.36.3+k0s.0' } },
  ],
  [
    'what is empty is absent',
    { workingDir: '', k0sInstallDir: '', downloadURL: '', version: '', args: [''] },
    {
      installDir: '/usr/local/bin',
      workingDir: '/etc',
      source: { kind: 'script', url: 'https://get.k0s.sh', version: 'v1.36.3+k0s.0' },
      args: [label, '--kubelet-extra-args=--hostname-override=m1'],
    },
  ],
  [
    'folders end without a slash',
    { k0sInstallDir: '/opt/bin/', workingDir: '/opt//' },
    { installDir: '/opt/bin', workingDir: '/opt' },
  ],
  [
    'commands know where they stand',
    { preK0sCommands: ['a'], postK0sCommands: ['b', '-c'] },
    {
      before: [{ field: 'spec.preK0sCommands[0]', text: 'a', mayFail: false }],
      after: [
        { field: 'spec.postK0sCommands[0]', text: 'b', mayFail: false },
        { field: 'spec.postK0sCommands[1]', text: 'c', mayFail: true },
      ],
    },
  ],
])('%s', (_, spec, input) => {
  expect(workerOf(observed(spec))).toMatchObject(input)
})

test('the members of a pool share neither name nor label', () => {
  const pool = { ...without(observed({ args: ['--debug'] }), 'machine'), machinePool }
  expect(workerOf(pool)).toMatchObject({ args: ['--debug'] })
})
