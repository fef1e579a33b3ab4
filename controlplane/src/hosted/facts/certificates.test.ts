import { IssueError } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import { certificates, observed, secret } from '../../testing/observed.ts'
import { certificateReport, earliestExpiry, hasCertificates, nextRenewal } from './certificates.ts'

const at = (day: number) => new Date(Date.UTC(2026, 5, day))
const leaf = (day: number) => ({ notAfter: at(20), renewAt: at(day) })

it('the next renewal is the first leaf or the kubeconfig that is not due yet', () => {
  const facts = { etcdClient: leaf(9), etcdServer: leaf(7), etcdPeer: leaf(3), ca: { notAfter: at(1), renewAt: at(6) } }
  const next = (kubeconfig: object) => nextRenewal(observed({}, { now: at(5), certificates: facts, kubeconfig }))
  expect(next({})).toEqual(at(7))
  expect(next({ renewAt: at(6) })).toEqual(at(6))
  expect(next({ renewAt: at(4) })).toEqual(at(7))
  expect(nextRenewal(observed({}))).toBeUndefined()
})

it('the first expiry counts authorities', () => {
  expect(earliestExpiry(observed({}, { certificates: { ca: { notAfter: at(2) }, etcdPeer: leaf(1) } }))).toEqual(at(2))
  expect(earliestExpiry(observed({}))).toBeUndefined()
})

it('a certificate with a fault is not there', () => {
  const faulty = { ...certificates, certificates: { ca: { fault: 'f' } } }
  expect(hasCertificates(observed({}, certificates), 'ca', 'etcdPeer')).toBe(true)
  expect(hasCertificates(observed({}, faulty), 'etcdPeer')).toBe(true)
  expect(hasCertificates(observed({}, faulty), 'etcdPeer', 'ca')).toBe(false)
})

const due = observed({}, { ...certificates, now: at(8), certificates: { etcdPeer: leaf(7), etcdServer: leaf(9) } })
const peer = secret('etcdPeer')
const concerns = 'CertificatesAvailable'
const adopted = { object: peer, concerns: 'Available', result: 'applied' as const }
const noCertificate = new IssueError('the certificate authority is not a certificate in PEM form')

it.each([
  ['stored', [{ object: peer, concerns, result: 'applied' as const }], { 'etcd-peer': 'success' }],
  ['refused', [adopted, { object: peer, concerns, result: 'refused' as const }], { 'etcd-peer': 'error' }],
  ['not tried, only adopted', [adopted], {}],
  [
    'not issued',
    [{ object: secret('etcd'), result: 'refused' as const, error: noCertificate }],
    { 'etcd-peer': 'error' },
  ],
  ['not tried', [], {}],
])('a renewal is reported as it went: %s', (_, applied, renewals) => {
  expect(certificateReport(due, due, applied).renewals).toEqual(renewals)
})

it('tells when each certificate ends, and when it is to be renewed where something renews it', () => {
  const facts = { etcdPeer: leaf(7), ca: { notAfter: at(30), changesAt: at(9) }, sa: {} }
  const { ends, dues } = certificateReport(due, { ...due, certificates: facts }, [])
  expect(ends).toEqual({ 'etcd-peer': at(20), ca: at(30) })
  expect(dues).toEqual({ 'etcd-peer': at(7) })
})

it('a certificate that is made for the first time is not renewed', () => {
  const { etcdPeer: _, ...secrets } = due.secrets
  const applied = [{ object: peer, concerns, result: 'applied' as const }]
  expect(certificateReport({ ...due, secrets }, due, applied).renewals).toEqual({})
})
