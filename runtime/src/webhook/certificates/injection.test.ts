// Where an authority is written, and where it is not — shell
import { beforeAll, describe, expect, it } from 'vitest'
import { issueCertificateAuthority } from '../../pki/issue.ts'
import {
  type ConvertedDefinition,
  injection,
  placesInConfiguration,
  placesInDefinition,
  type WebhookConfiguration,
} from './injection.ts'

const authorityName = 'cert-ca'
let ours: string
let older: string
let others: string
beforeAll(async () => {
  const make = async (commonName: string): Promise<string> => {
    const { certificate } = await issueCertificateAuthority({ commonName, validityMs: 3_600_000, now: new Date() })
    return certificate
  }
  ours = await make(authorityName)
  older = await make(authorityName)
  others = await make('cert-manager')
})

const base64 = (text: string): string => Buffer.from(text).toString('base64')

const definition = (caBundle?: string, annotations = {}): ConvertedDefinition => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.example.org', annotations },
  spec: { conversion: { strategy: 'Webhook', webhook: { clientConfig: caBundle === undefined ? {} : { caBundle } } } },
})

const cainjector = { 'cert-manager.io/inject-ca-from': 'k0smotron/serving-cert' }

const path = '/spec/conversion/webhook/clientConfig/caBundle'
const patchOf = (object: ConvertedDefinition) =>
  injection(object, placesInDefinition(object), { bundle: ours, authorityName })
const injected = () => [
  { op: 'test', path: '/spec/conversion/strategy', value: 'Webhook' },
  { op: 'add', path, value: base64(ours) },
]

describe('a definition', () => {
  it('that trusts nobody, others or an older authority gets ours', () => {
    for (const before of [undefined, '', base64(older), base64(others), 'Cg==', '%%%']) {
      expect(patchOf(definition(before)), String(before)).toEqual(injected())
    }
  })

  it('that trusts ours stays', () => {
    expect(patchOf(definition(base64(ours)))).toEqual([])
  })

  it('without conversion stays', () => {
    const object = { ...definition(), spec: { conversion: { strategy: 'None' } } }
    expect(patchOf(object)).toEqual([])
    expect(patchOf({ ...object, spec: {} })).toEqual([])
  })

  it('for cert-manager keeps what cert-manager wrote, and gets ours where it wrote nothing', () => {
    expect(patchOf(definition(base64(others), cainjector))).toEqual([])
    for (const before of [undefined, '', base64(older), 'Cg=='])
      expect(patchOf(definition(before, cainjector)), String(before)).toEqual(injected())
  })
})

it('of a configuration, each webhook gets it, by its place and name', () => {
  const object: WebhookConfiguration = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'rules' },
    webhooks: [
      { name: 'one', clientConfig: {} },
      { name: 'two', clientConfig: { caBundle: base64(ours) } },
      { name: 'three', clientConfig: { caBundle: base64(older) } },
    ],
  }
  const value = base64(ours)
  expect(injection(object, placesInConfiguration(object), { bundle: ours, authorityName })).toEqual([
    { op: 'test', path: '/webhooks/0/name', value: 'one' },
    { op: 'add', path: '/webhooks/0/clientConfig/caBundle', value },
    { op: 'test', path: '/webhooks/2/name', value: 'three' },
    { op: 'add', path: '/webhooks/2/clientConfig/caBundle', value },
  ])
})
