import { expect, it } from 'vitest'
import { certificates, observed } from '../../testing/observed.ts'
import { earliestExpiry, hasCertificates, nextRenewal } from './certificates.ts'

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
