// A kubeconfig is stored only when the next pass will find it good — shell
import { type Issued, issueCertificateAuthority } from '@k0smotron-ts/runtime/shell'
import { expect, it } from 'vitest'
import { certificates, liveService, observed, secret } from '../../../testing/observed.ts'
import { kubeconfigToStore } from './mint-kubeconfig.ts'

const issued: Issued = await issueCertificateAuthority({
  commonName: 'kubernetes-ca',
  validityMs: 365 * 24 * 60 * 60 * 1000,
  now: new Date('2026-05-01T00:00:00Z'),
})
const base64 = (text: string) => Buffer.from(text).toString('base64')
const ca = {
  ...secret('ca'),
  data: { 'tls.crt': base64(issued.certificate), 'tls.key': base64(issued.privateKey.reveal()) },
}
const base = observed({}, { secrets: { ...certificates.secrets, ca }, services: [liveService('ClusterIP')] })

it('is made for an endpoint', async () => {
  expect(await kubeconfigToStore(base)).toHaveLength(1)
})

it('throws before anything is written when it would be at fault: a loop would make a key in every pass', async () => {
  const exposure = { ...base.exposure, endpoint: { host: '10.0.0.300', port: 6443 } }
  await expect(kubeconfigToStore({ ...base, exposure })).rejects.toThrow('made a kubeconfig that cannot be used')
})
