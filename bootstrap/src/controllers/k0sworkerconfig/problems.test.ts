// Every field that cannot be meant — core
import type { K0sWorkerConfig } from '@k0smotron-ts/api'
import { describe, expect, test } from 'vitest'
import { machineOf, machinePool, observed, without } from '../../testing/observed.ts'
import { problemOf } from './problems.ts'
import { workerInput } from './worker-input.ts'

type Spec = K0sWorkerConfig['spec']

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
  ['a command that no shell takes', { postK0sCommands: ['a\0b'] }, 'NUL character'],
])('%s', (_, spec, problem) => {
  expect(problemOf(observed(spec))).toContain(problem)
})

describe('version', () => {
  const nameless = without(observed(), 'machine')

  test.each<[string, Spec, string]>([
    ['of the Machine, in the spelling of k0s', {}, 'v1.36.3+k0s.0'],
    ['of the config before that of the Machine', { version: 'v1.35.1+k0s.2' }, 'v1.35.1+k0s.2'],
    ['spelled for an image', { version: 'v1.35.1-k0s.2' }, 'v1.35.1+k0s.2'],
  ])('%s', (_, spec, version) => {
    expect(workerInput(observed(spec), 'token').source).toMatchObject({ kind: 'script', version })
  })

  test('of the template of a pool', () => {
    expect(workerInput({ ...nameless, machinePool }, 'token').source).toMatchObject({ version: 'v1.36.3+k0s.0' })
  })

  test('without one the newest is not installed', () => {
    const machine = machineOf({ version: '' })
    expect(problemOf(observed({}, { machine }))).toBe(
      'there is no version to install: set spec.version here or on the owner',
    )
    expect(problemOf(observed({ preInstalledK0s: true }, { machine }))).toBeUndefined()
    expect(problemOf(observed({ downloadURL: 'https://a/k0s' }, { machine }))).toBeUndefined()
  })
})

describe('name', () => {
  const machine = machineOf({}, { metadata: { name: 'm'.repeat(64) } })

  test('too long for a node', () => {
    expect(problemOf(observed({}, { machine }))).toContain("the Machine's name has 64 characters")
  })

  test('it does not matter where the system names the node', () => {
    const snapshot = observed({ useSystemHostname: true }, { machine })
    expect(problemOf(snapshot)).toBeUndefined()
    expect(workerInput(snapshot, 'token').args).toEqual([])
  })
})
