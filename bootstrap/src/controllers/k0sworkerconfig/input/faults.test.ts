// Every field that cannot be meant — core
import type { K0sWorkerConfig } from '@k0smotron-ts/api'
import { describe, expect, test } from 'vitest'
import { machineOf, machinePool, observed, without, workerConfig } from '../../../testing/observed.ts'
import type { Observed } from '../observed.ts'
import { isWait } from './parts.ts'
import { workerOf } from './worker-input.ts'

type Spec = K0sWorkerConfig['spec']

function faultOf(snapshot: Observed): string | undefined {
  const worker = workerOf(snapshot)
  return isWait(worker) ? worker.message : undefined
}

test("Cluster API's taint is the user's to ask for where no cloud controller is", () => {
  expect(faultOf(observed({ args: ['--taints=node.cluster.x-k8s.io/uninitialized:NoSchedule'] }))).toBeUndefined()
})

test.each<[string, Spec, string]>([
  ['a version that is none', { version: '1.36' }, '"1.36" is not a version of k0s such as v1.36.3+k0s.1'],
  ['an argument with an open quote', { args: ['--a', '--b="c'] }, 'spec.args[1] has a quote'],
  ['a URL of another kind', { downloadURL: 'ftp://a/b' }, 'spec.downloadURL is not'],
  ['a relative folder for k0s', { k0sInstallDir: 'bin' }, 'spec.k0sInstallDir is not an absolute path'],
  ['the root as folder for k0s', { k0sInstallDir: '/' }, 'spec.k0sInstallDir is not an absolute path'],
  ['a relative folder for files', { workingDir: 'C:\\k0s' }, 'spec.workingDir is not an absolute path'],
  [
    'a file in place of the token',
    {
      files: [
        { path: '/etc/x', content: '' },
        { path: '/etc/k0s.token', content: '' },
      ],
    },
    'spec.files[1].path',
  ],
  [
    'a file in place of our script',
    { workingDir: '/opt', files: [{ path: '/opt/k0s-bootstrap.sh', content: '' }] },
    'spec.files[0].path',
  ],
  ...['/etc//k0s.token', '/etc/./k0s.token', '/etc/x/../k0s.token', '//etc/k0s.token/', '/../etc/k0s.token'].map(
    (path): [string, Spec, string] => [
      `another spelling of the token's path, ${path}`,
      { files: [{ path, content: '' }] },
      "spec.files[0].path is a file of the provider's own",
    ],
  ),
  [
    'the other way round',
    { workingDir: '/opt/../etc/', files: [{ path: '/etc/k0s.token', content: '' }] },
    "spec.files[0].path is a file of the provider's own",
  ],
  ['a relative path', { files: [{ path: 'etc/motd', content: '' }] }, 'spec.files[0].path is not an absolute path'],
  [
    'a NUL character in a path',
    { files: [{ path: '/a\0', content: '' }] },
    'spec.files[0].path is not an absolute path',
  ],
  ['a NUL character in a URL', { downloadURL: 'https://a/\0' }, 'spec.downloadURL is not'],
  ['the root as folder for files', { workingDir: '/' }, 'spec.workingDir is not an absolute path of a folder below /'],
  [
    'what no shell will expand',
    { args: ['--kubelet-extra-args="--node-ip=$(hostname -I)"'] },
    'a backtick, quoted or not, and nothing puts a value there: write the value itself, or %{hostname}',
  ],
  [
    'what no template engine will read',
    { args: ['--debug', '--kubelet-extra-args=--provider-id=cloud://{{ v1.instance_id }}'] },
    'spec.args[1] has {{, and no template engine reads it: write the value itself, or %{hostname} or %{instance-id}',
  ],
  [
    "Cluster API's taint beside a cloud controller",
    { args: ['--enable-cloud-provider', '--taints=node.cluster.x-k8s.io/uninitialized:NoSchedule'] },
    'one would wait for the other for ever',
  ],
  ['a command that no shell takes', { postK0sCommands: ['a\0b'] }, 'NUL character'],
])('%s', (_, spec, fault) => {
  expect(faultOf(observed(spec))).toContain(fault)
})

describe('version', () => {
  const nameless = without(observed(), 'machine')

  test.each<[string, Spec, string]>([
    ['of the Machine, in the spelling of k0s', {}, 'v1.36.3+k0s.0'],
    ['of the config before that of the Machine', { version: 'v1.35.1+k0s.2' }, 'v1.35.1+k0s.2'],
    ['spelled for an image', { version: 'v1.35.1-k0s.2' }, 'v1.35.1+k0s.2'],
  ])('%s', (_, spec, version) => {
    expect(workerOf(observed(spec))).toMatchObject({ source: { kind: 'script', version } })
  })

  test('of the template of a pool', () => {
    expect(workerOf({ ...nameless, machinePool })).toMatchObject({ source: { version: 'v1.36.3+k0s.0' } })
  })

  test('without one the newest is not installed', () => {
    const machine = machineOf({ version: '' })
    expect(faultOf(observed({}, { machine }))).toBe(
      'there is no version to install: set spec.version here or on the owner',
    )
    expect(faultOf(observed({ preInstalledK0s: true }, { machine }))).toBeUndefined()
    expect(faultOf(observed({ downloadURL: 'https://a/k0s' }, { machine }))).toBeUndefined()
  })

  test.each<Spec>([{ preInstalledK0s: true }, { downloadURL: 'https://a/k0s' }])(
    "one of the user's own does not matter where it chooses nothing: %j",
    spec => {
      expect(faultOf(observed({ ...spec, version: 'v1.36.3+k0s.1.corp' }))).toBeUndefined()
    },
  )
})

describe('name', () => {
  const machine = machineOf({}, { metadata: { name: 'm'.repeat(64) } })

  test('too long for a node', () => {
    expect(faultOf(observed({}, { machine }))).toContain("the Machine's name has 64 characters")
  })

  test('too long for the Secret of the join token', () => {
    const named = (length: number) => observed({}, { config: workerConfig({}, {}, { name: 'c'.repeat(length) }) })
    expect(faultOf(named(242))).toBeUndefined()
    expect(faultOf(named(243))).toContain('the name of this object has more than 242 characters')
  })

  test('it does not matter where the system names the node', () => {
    const snapshot = observed({ useSystemHostname: true }, { machine })
    expect(faultOf(snapshot)).toBeUndefined()
    expect(workerOf(snapshot)).toMatchObject({
      args: [`--labels=k0smotron.io/machine-name=${'m'.repeat(57)}-214ad`],
    })
  })
})
