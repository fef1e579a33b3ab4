// What is said of the certificates of a control plane — core
import { expect, it } from 'vitest'
import { certificates, controlPlane, liveSet, observed, type Situation } from '../../testing/observed.ts'
import { renderEtcd } from '../datastore/etcd/outcome.ts'
import { renderCertificates } from './certificates.ts'

const initialized = { controlPlane: controlPlane({}, { initialization: { controlPlaneInitialized: true } }) }
const conditionOf = (situation: Situation) => renderCertificates(observed({}, situation)).conditions[0]
const { ca: _, ...withoutCA } = certificates.secrets

it('all there: when the first of them ends', () => {
  expect(conditionOf(certificates)).toEqual({
    type: 'CertificatesAvailable',
    status: 'True',
    reason: 'CertificatesAvailable',
    message: 'the first expires at 2027-01-01T00:00:00.000Z',
  })
})

it.each<[string, Situation, string, string]>([
  [
    'what is missing at first is made',
    { secrets: {} },
    'WaitingForCertificates',
    'waiting for Secrets prod-ca, prod-proxy',
  ],
  [
    'an authority that is gone is never made anew',
    { ...certificates, ...initialized, secrets: withoutCA },
    'AuthorityLost',
    'Secrets prod-ca are gone, with which the control plane was made; restore them',
  ],
  [
    'a fault is named, before what is missing because of it',
    { certificates: { ca: { fault: 'tls.key is not the key of tls.crt' } } },
    'InvalidCertificate',
    'Secret prod-ca: tls.key is not the key of tls.crt',
  ],
])('%s', (_what, situation, reason, message) => {
  expect(conditionOf(situation)).toMatchObject({ status: 'False', reason, message: expect.stringContaining(message) })
})

it('where only the annotation speaks of data, as in a manifest that was exported, it is named with what to do', () => {
  const object = controlPlane({})
  const annotations = { 'k0smotron.io/datastore-formed': 'true' }
  const exported = { controlPlane: { ...object, metadata: { ...object.metadata, annotations } } }
  const remedy =
    "only this object's annotation k0smotron.io/datastore-formed tells of a datastore, which an exported manifest carries too: for a new control plane, take it off"
  expect(conditionOf(exported)?.message).toMatch(new RegExp(`nodes; ${remedy}$`))
  expect(renderEtcd(observed({}, exported)).conditions[0]?.message).toMatch(new RegExp(`anew; ${remedy}$`))
  expect(
    conditionOf({ ...exported, secrets: withoutCA, statefulSets: [liveSet('kmc-prod-etcd', {})] })?.message,
  ).not.toContain(remedy)
  expect(conditionOf({ ...certificates, ...initialized, secrets: withoutCA })?.message).not.toContain(remedy)
})

it('an authority that ends soon is named while all still works', () => {
  const facts = { ...certificates.certificates, ca: { notAfter: new Date('2026-08-01T00:00:00Z'), endsSoon: true } }
  expect(conditionOf({ ...certificates, certificates: facts })).toMatchObject({
    status: 'True',
    reason: 'AuthorityEndsSoon',
    message: expect.stringContaining('Secrets prod-ca (2026-08-01T00:00:00.000Z) end soon'),
  })
})
