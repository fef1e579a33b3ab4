// What a kubeconfig Secret is found to hold — shell
import { encodeBase64 } from '@k0smotron-ts/api'
import type { KubeSecret } from '@k0smotron-ts/runtime'
import { type Issued, issueCertificateAuthority, issueLeaf } from '@k0smotron-ts/runtime/shell'
import { expect, it } from 'vitest'
import { certificates, liveService, observed } from '../../testing/observed.ts'
import { kubeconfigSecret } from '../render/kubeconfig.ts'
import { kubeconfigFacts } from './kubeconfig-facts.ts'

const now = new Date('2026-05-01T00:00:00Z')
const day = 24 * 60 * 60 * 1000
const authorityFor = (days: number) =>
  issueCertificateAuthority({ commonName: 'kubernetes-ca', validityMs: days * day, now })
const leafOf = ({ certificate, privateKey }: Issued, days: number) =>
  issueLeaf({
    subject: { commonName: 'kubernetes-admin' },
    usages: ['clientAuth'],
    validityMs: days * day,
    now,
    issuer: { certificate, privateKey },
  })

const [authority, another] = await Promise.all([authorityFor(3650), authorityFor(3650)])
const snapshot = observed(
  {},
  {
    services: [liveService('ClusterIP')],
    secrets: {
      ca: { ...certificates.secrets.ca, data: { 'tls.crt': encodeBase64(authority.certificate) } } as KubeSecret,
    },
  },
)
const secretWith = ({ certificate, privateKey }: Issued, key = privateKey) =>
  kubeconfigSecret(snapshot, { certificate, privateKey: key.reveal() })

it('one of ours: where it leads, whom it trusts, and when it is renewed', async () => {
  const facts = kubeconfigFacts(secretWith(await leafOf(authority, 365)), authority.certificate)
  expect(facts).toMatchObject({ server: 'https://10.96.7.7:30443', certificateAuthority: authority.certificate })
  expect(facts.fault).toBeUndefined()
  expect(facts.renewAt && facts.notAfter && facts.renewAt < facts.notAfter).toBe(true)
})

it('one that ends with its authority is not renewed: another would last no longer', async () => {
  const young = await authorityFor(30)
  const facts = kubeconfigFacts(secretWith(await leafOf(young, 365)), young.certificate)
  expect(facts).not.toHaveProperty('renewAt')
})

it.each<[string, () => Promise<KubeSecret>, string]>([
  [
    'signed by another authority',
    async () => secretWith(await leafOf(another, 365)),
    'the credential is not one of this cluster',
  ],
  [
    'with the key of another certificate',
    async () => secretWith(await leafOf(authority, 365), another.privateKey),
    'the credential is not one of this cluster',
  ],
  [
    'that is none',
    async () => ({ apiVersion: 'v1', kind: 'Secret', metadata: {}, data: { value: encodeBase64('a: [') } }),
    'not a kubeconfig with a client certificate',
  ],
  [
    'without a value',
    async () => ({ apiVersion: 'v1', kind: 'Secret', metadata: {} }),
    'not a kubeconfig with a client certificate',
  ],
])('one %s is at fault', async (_, secret, fault) => {
  expect(kubeconfigFacts(await secret(), authority.certificate).fault).toBe(fault)
})
