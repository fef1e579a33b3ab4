// Every reason not to make bootstrap data yet — core
import type { Cluster } from '@k0smotron-ts/api'
import { describe, expect, test } from 'vitest'
import {
  bootstrapData,
  certificate,
  cluster,
  joinToken,
  machineOf,
  machinePool,
  observed,
  ownedBy,
  secret,
  secrets,
  without,
  workerConfig,
} from '../../../testing/observed.ts'
import type { Observed } from '../observed.ts'
import { isPaused } from '../registration/arrival.ts'
import { inputOf } from './input.ts'
import { isWait } from './parts.ts'

const waitOf = (snapshot: Observed): string | undefined => {
  const input = inputOf(snapshot)
  return isWait(input) ? input.reason : undefined
}
const ownedConfig = (...ownerReferences: ReturnType<typeof ownedBy>[]) => workerConfig({}, {}, { ownerReferences })
const withCluster = (changes: Partial<Cluster>): Observed => observed({}, { cluster: { ...cluster, ...changes } })
const unowned = without(observed(), 'machine')

describe('nothing blocks', () => {
  test.each<[string, Observed]>([
    ['a Machine of a cluster that works', observed()],
    ['a MachinePool', { ...unowned, machinePool }],
    ['initialized said by a condition alone', withCluster({ status: { conditions: [initialized('True')] } })],
    [
      'an owner reference without controller flag',
      observed({}, { config: ownedConfig({ ...ownedBy('Machine', 'm1'), controller: false }) }),
    ],
    ['a pass that got half way', observed({}, { secrets: { ...secrets, joinToken } })],
    [
      'ignition settings that nobody reads',
      observed({ provisioner: { ignition: { variant: 'fcos', version: '1.0.0' } } }),
    ],
  ])('%s', (_, snapshot) => {
    expect(inputOf(snapshot)).toMatchObject({ server: 'https://10.0.0.5:30443', certificateAuthority: certificate })
  })
})

test.each<[string, Observed, string, string]>([
  ['no owner', { ...unowned, config: ownedConfig() }, 'WaitingForOwner', 'does spec.bootstrap.configRef of a Machine'],
  [
    'a MachineSet alone',
    { ...unowned, config: ownedConfig(ownedBy('MachineSet', 'set')) },
    'WaitingForOwner',
    'waiting for MachineSet set to hand this over to a Machine',
  ],
  ['an owner that is gone', unowned, 'WaitingForOwner', 'Machine m1, the owner, does not exist'],
  ['no Cluster', without(observed(), 'cluster'), 'WaitingForCluster', 'waiting for Cluster prod'],
  ['ignition', observed({ provisioner: { type: 'ignition' } }), 'NotSupported', 'spec.provisioner.type'],
  ['PowerShell', observed({ provisioner: { type: 'powershell' } }), 'NotSupported', 'spec.provisioner.type'],
  ['Windows', observed({ provisioner: { platform: 'windows' } }), 'NotSupported', 'spec.provisioner.platform'],
  [
    'user data of the user',
    observed({ provisioner: { customUserDataRef: { secretRef: { name: 'a', key: 'b' } } } }),
    'NotSupported',
    'spec.provisioner.customUserDataRef cannot be honoured yet',
  ],
  ['a bad version', observed({ version: 'newest' }), 'InvalidSpec', '"newest" is not a version of k0s'],
  ['no endpoint', withCluster({ spec: {} }), 'WaitingForControlPlaneInitialization', 'spec.controlPlaneEndpoint'],
  [
    'half an endpoint',
    withCluster({ spec: { controlPlaneEndpoint: { host: 'a', port: 0 } } }),
    'WaitingForControlPlaneInitialization',
    'spec.controlPlaneEndpoint',
  ],
  [
    'a control plane that was never up',
    withCluster({ status: { conditions: [initialized('False')] } }),
    'WaitingForControlPlaneInitialization',
    'waiting for the control plane of the Cluster to be initialized',
  ],
  [
    'no authority',
    withSecrets({ kubeconfig: secret('k', {}) }),
    'WaitingForCertificates',
    'waiting for Secret prod-ca',
  ],
  [
    'an authority without certificate',
    withSecrets({ ...secrets, certificateAuthority: secret('prod-ca', { 'tls.key': 'x' }) }),
    'WaitingForCertificates',
    'Secret prod-ca has no certificate in tls.crt',
  ],
  [
    'no kubeconfig',
    observed({}, { secrets: { certificateAuthority: secrets.certificateAuthority as never } }),
    'WaitingForKubeconfig',
    'waiting for Secret prod-kubeconfig',
  ],
  [
    'a Secret of someone else under the name of the data',
    withSecrets({ ...secrets, bootstrap: secret('m1', {}, 'uid-of-another') }),
    'NotOurs',
    'Secret m1 exists and belongs to K0sWorkerConfig m1; rename or delete it',
  ],
  [
    'a Secret of someone else under the name of the token',
    withSecrets({ ...secrets, joinToken: secret('m1-join-token', {}, '') }),
    'NotOurs',
    'Secret m1-join-token exists and nothing proves that it is ours',
  ],
  [
    'a token that was edited',
    withSecrets({ ...secrets, joinToken: secret('m1-join-token', { 'token-id': 'ABC' }) }),
    'InvalidJoinToken',
    'Secret m1-join-token holds no bootstrap token; delete it',
  ],
])('%s', (_, snapshot, reason, message) => {
  expect(inputOf(snapshot)).toMatchObject({ reason, message: expect.stringContaining(message) })
})

test('what the user has to mend is said before what takes time', () => {
  expect(waitOf({ ...withCluster({ spec: {} }), config: workerConfig({ version: 'newest' }) })).toBe('InvalidSpec')
})

test('data without a controller counts as ours only when the Machine uses it already', () => {
  const orphan = { ...secrets, bootstrap: { ...bootstrapData, metadata: { name: 'm1' } } }
  expect(waitOf(observed({}, { secrets: orphan }))).toBe('NotOurs')
  const using = machineOf({ bootstrap: { dataSecretName: 'm1' } })
  expect(waitOf(observed({}, { secrets: orphan, machine: using }))).toBeUndefined()
})

test.each<[string, Observed, boolean]>([
  ['free', observed(), false],
  ['by the Cluster', withCluster({ spec: { paused: true } }), true],
  [
    'by its annotation',
    observed({}, { config: workerConfig({}, {}, { annotations: { 'cluster.x-k8s.io/paused': '' } }) }),
    true,
  ],
  [
    'by its annotation, without a Cluster',
    without(
      observed({}, { config: workerConfig({}, {}, { annotations: { 'cluster.x-k8s.io/paused': '' } }) }),
      'cluster',
    ),
    true,
  ],
])('paused: %s', (_, snapshot, paused) => {
  expect(isPaused(snapshot)).toBe(paused)
})

function initialized(status: 'True' | 'False') {
  return {
    type: 'ControlPlaneInitialized',
    status,
    reason: 'X',
    message: '',
    lastTransitionTime: '2026-05-01T00:00:00Z',
  }
}

function withSecrets(found: Observed['secrets']): Observed {
  return observed({}, { secrets: found })
}
