// What is said of the kubeconfig Secret — core
import type { OwnerReference } from '@k0smotron-ts/api'
import { expect, it } from 'vitest'
import { certificates, liveService, observed, type Situation } from '../../testing/observed.ts'
import { kubeconfigMetadata } from '../facts/kubeconfig.ts'
import { renderKubeconfig } from './kubeconfig.ts'

const services = [liveService('ClusterIP')]
const ours = { apiVersion: 'v1', kind: 'Secret', metadata: kubeconfigMetadata(observed({})) }
const secretsWith = (kubeconfig: typeof ours) => ({ secrets: { ...certificates.secrets, kubeconfig } })
const base: Situation = { ...certificates, services }
const good = { server: 'https://10.96.7.7:30443', certificateAuthority: 'certificate of ca' }

it.each<[string, Situation, string]>([
  ['an endpoint is waited for', certificates, 'False WaitingForEndpoint'],
  ['then the authority', { services }, 'False WaitingForCertificates'],
  ['then that it is written', base, 'False WaitingForCertificates'],
  [
    'one that leads elsewhere is written anew',
    { ...base, ...secretsWith(ours), kubeconfig: { ...good, server: 'https://a:1' } },
    'False WaitingForCertificates',
  ],
  [
    'one that is as it should be is there',
    { ...base, ...secretsWith(ours), kubeconfig: good },
    'True KubeconfigAvailable',
  ],
])('%s', (_, situation, expected) => {
  const [condition] = renderKubeconfig(observed({}, situation)).conditions
  expect(`${condition?.status} ${condition?.reason}`).toBe(expected)
})

it("another's is not used; one that nobody owns may be deleted", () => {
  const of = (...ownerReferences: readonly OwnerReference[]) => {
    const kubeconfig = { ...ours, metadata: { ...ours.metadata, ownerReferences } }
    return renderKubeconfig(observed({}, { ...base, ...secretsWith(kubeconfig), kubeconfig: good })).conditions[0]
  }
  const other = { apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'other', controller: true }
  expect(of(other)).toMatchObject({
    status: 'False',
    reason: 'NotOurs',
    message: expect.stringContaining('ConfigMap x'),
  })
  expect(of()).toMatchObject({
    reason: 'NotOurs',
    message: expect.stringContaining('delete it, and a new one is made'),
  })
})
