import { expect, it } from 'vitest'
import {
  certificates,
  etcdService,
  k0sPod,
  liveService,
  observed,
  readyStatus,
  type Situation,
} from '../../testing/observed.ts'
import { kubeconfigMetadata } from './kubeconfig.ts'
import { isWorthProbing } from './reachability.ts'

const kubeconfig = { server: 'https://10.96.7.7:30443', certificateAuthority: 'certificate of ca' }
const secretsWith = (metadata: object) => ({
  secrets: {
    ...certificates.secrets,
    kubeconfig: { apiVersion: 'v1', kind: 'Secret', metadata: { ...kubeconfigMetadata(observed({})), ...metadata } },
  },
})
const running: Situation = {
  ...certificates,
  ...secretsWith({}),
  services: [liveService('ClusterIP'), etcdService],
  pods: [k0sPod(readyStatus)],
  kubeconfig,
}

it.each<[string, Situation, boolean]>([
  ['a ready pod and our kubeconfig', {}, true],
  ['no ready pod', { pods: [] }, false],
  ['a kubeconfig of someone else', secretsWith({ ownerReferences: [] }), false],
  ['a kubeconfig that leads elsewhere', { kubeconfig: { ...kubeconfig, server: 'https://evil' } }, false],
  ['a kubeconfig that cannot be used', { kubeconfig: { ...kubeconfig, fault: 'f' } }, false],
])('the API server is asked with %s: %s', (_, situation, expected) => {
  expect(isWorthProbing(observed({}, { ...running, ...situation }))).toBe(expected)
})
