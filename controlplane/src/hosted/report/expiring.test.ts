import { expect, it } from 'vitest'
import { certificates, observed } from '../../testing/observed.ts'
import type { CertificateFacts } from '../observed.ts'
import { expiringCondition } from './expiring.ts'

const over = new Date('2026-04-01T00:00:00Z')
const good = certificates.certificates.etcdServer

it.each<[string, CertificateFacts | undefined, string]>([
  ['all is well', good, 'False CertificatesNotExpiring '],
  ['one is over', { notAfter: over }, 'True CertificatesExpiring Secrets prod-etcd-server (2026-04-01T00:00:00.000Z)'],
  [
    'one could not be renewed',
    { notAfter: new Date('2026-06-01T00:00:00Z'), renewAt: over },
    'True CertificatesExpiring Secrets prod-etcd-server (2026-06-01T00:00:00.000Z)',
  ],
  [
    'an authority ends soon',
    { notAfter: new Date('2026-06-01T00:00:00Z'), endsSoon: true },
    'True CertificatesExpiring Secrets prod-etcd-server (2026-06-01T00:00:00.000Z)',
  ],
  ['one cannot be read', { fault: 'no certificate' }, 'Unknown CertificatesUnreadable Secrets prod-etcd-server'],
])('%s', (_, etcdServer, expected) => {
  const facts = { ...certificates.certificates, ...(etcdServer && { etcdServer }) }
  const [condition] = expiringCondition(observed({}, { ...certificates, certificates: facts }))
  expect(`${condition?.status} ${condition?.reason} ${condition?.message}`).toBe(expected)
})

it('nothing is said before there are any', () => {
  expect(expiringCondition(observed({}))).toEqual([])
})
