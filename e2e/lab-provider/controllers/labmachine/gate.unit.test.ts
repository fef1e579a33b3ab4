// When a LabMachine is switched on, and what it says — core
import type { Cluster, Machine } from '@k0smotron-ts/api'
import type { KubeSecret } from '@k0smotron-ts/runtime'
import { describe, expect, it } from 'vitest'
import type { LabMachine } from '../../kinds/lab-machine.ts'
import { admit } from './gate.ts'
import type { Observed } from './observe.ts'
import { presentStatus, waitingStatus } from './status.ts'

const owner = { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Machine', name: 'm1', uid: 'u1', controller: true }
const labMachine: LabMachine = {
  apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2',
  kind: 'LabMachine',
  metadata: { name: 'm1', namespace: 'default', ownerReferences: [owner] },
  spec: {},
}
const machine: Machine = {
  apiVersion: 'cluster.x-k8s.io/v1beta2',
  kind: 'Machine',
  metadata: { name: 'm1' },
  spec: { clusterName: 'c1', bootstrap: { dataSecretName: 'm1' } },
}
const cluster: Cluster = {
  apiVersion: 'cluster.x-k8s.io/v1beta2',
  kind: 'Cluster',
  metadata: { name: 'c1' },
  status: { initialization: { infrastructureProvisioned: true } },
}
const secret: KubeSecret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'm1' }, data: { value: 'eA==' } }
const whole: Observed = { labMachine, machine, cluster, secret }

describe('admit', () => {
  it('takes the bytes when everything is there', () => {
    expect(admit(whole)).toEqual({ userData: Buffer.from('x') })
  })

  const ownedBySet = { ...labMachine, metadata: { ownerReferences: [{ ...owner, kind: 'MachineSet' }] } }
  it.each<[string, Partial<Record<keyof Observed, unknown>>, string, string]>([
    ['a MachineSet', { labMachine: ownedBySet, machine: undefined }, 'WaitingForOwner', 'set a Machine'],
    ['an owner that is gone', { machine: undefined }, 'WaitingForOwner', 'Machine m1'],
    ['no Cluster', { cluster: undefined }, 'WaitingForCluster', 'Cluster c1'],
    ['infrastructure', { cluster: { ...cluster, status: {} } }, 'WaitingForClusterInfrastructure', 'Cluster c1'],
    ['data', { secret: undefined }, 'WaitingForBootstrapData', 'Secret m1'],
  ])('waits: %s', (_, change, reason, message) => {
    const { wait } = admit({ ...whole, ...change } as Observed) as { wait: { reason: string; message: string } }
    expect(wait.reason).toBe(reason)
    expect(wait.message).toContain(message)
  })
})

describe('status', () => {
  const addresses = [{ type: 'InternalIP', address: '10.0.0.9' }] as const
  const reasons = (status: { conditions: readonly { type: string; status: string; reason: string }[] }) =>
    Object.fromEntries(status.conditions.map(({ type, status: is, reason }) => [type, `${is} ${reason}`]))

  it('is provisioned and ready while cloud-init runs', () => {
    const status = presentStatus(whole, { addresses, bootstrap: { kind: 'running' } }, 'abc')
    expect(status).toMatchObject({ initialization: { provisioned: true }, addresses, userDataSha256: 'abc' })
    expect(reasons(status)).toMatchObject({ Ready: 'True Provisioned', BootstrapSucceeded: 'Unknown CloudInitRunning' })
  })

  it('is provisioned and not ready when cloud-init failed, and says the text', () => {
    const status = presentStatus(whole, { addresses, bootstrap: { kind: 'failed', message: 'runcmd failed' } })
    expect(status.initialization).toEqual({ provisioned: true })
    expect(reasons(status)).toMatchObject({
      Ready: 'False BootstrapFailed',
      BootstrapSucceeded: 'False CloudInitFailed',
    })
    expect(status.conditions[0]).toMatchObject({ message: 'runcmd failed' })
  })

  it('says nothing of a bootstrap that nobody runs, and keeps the hash it knew', () => {
    const known = { labMachine: { ...labMachine, status: { userDataSha256: 'abc' } } }
    const status = presentStatus(known, { addresses })
    expect(Object.keys(reasons(status))).toEqual(['Ready', 'Paused'])
    expect(status.userDataSha256).toBe('abc')
  })

  it('takes nothing back while it waits', () => {
    const initialization = { provisioned: true }
    const known = { labMachine: { ...labMachine, status: { initialization, addresses, observedGeneration: 3 } } }
    const status = waitingStatus(known, { reason: 'MachineGone', message: 'gone' })
    expect(status).toEqual({ initialization, addresses, conditions: expect.anything() })
    expect(reasons(status).Ready).toBe('False MachineGone')
  })
})
