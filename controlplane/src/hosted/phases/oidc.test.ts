// Which documents there are for which issuer, and why there are none — core
import type { ConfigMap } from '@k0smotron-ts/runtime'
import { describe, expect, it } from 'vitest'
import {
  type ControlPlaneSpec,
  certificates,
  liveConfig,
  observed,
  type Situation,
  tokenKey,
} from '../../testing/observed.ts'
import { orphans } from '../phases.ts'
import { renderOIDC } from './oidc.ts'

const answered: Situation = { ...certificates, workloadAPI: { ready: true, message: '' } }
const rendered = (spec: ControlPlaneSpec, situation: Situation = answered) => {
  const { conditions, objects } = renderOIDC(observed(spec, situation))
  const [condition] = conditions
  return {
    said: `${condition?.status} ${condition?.reason}`,
    message: condition?.message,
    data: (objects[0] as ConfigMap)?.data,
  }
}
const withArguments = (extraArgs: object, ...rawArgs: readonly string[]): ControlPlaneSpec => ({
  k0sConfig: { spec: { api: { extraArgs, rawArgs } } },
})
const issuer = 'https://id.example.com/prod'

describe('the documents', () => {
  it('are those of the issuer and the audiences of k0s', () => {
    const { said, data = {} } = rendered({})
    expect(said).toBe('True OIDCDocumentsAvailable')
    expect(data).toMatchObject({
      issuer: 'https://kubernetes.default.svc',
      audiences: 'https://kubernetes.default.svc,system:konnectivity-server',
      jwks: JSON.stringify({ keys: [tokenKey] }),
    })
    expect(JSON.parse(data['openid-configuration'] ?? '')).toEqual({
      issuer: 'https://kubernetes.default.svc',
      jwks_uri: 'https://kubernetes.default.svc/openid/v1/jwks',
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
    })
  })

  it.each<[string, ControlPlaneSpec, object]>([
    ['an issuer', withArguments({ 'service-account-issuer': issuer }), { issuer }],
    [
      'the first of several issuers, which signs',
      withArguments({ 'service-account-issuer': issuer }, '--service-account-issuer=https://old.example.com'),
      { issuer },
    ],
    [
      'an issuer that is only accepted beside that of k0s',
      withArguments({}, '--service-account-issuer', issuer),
      { issuer: 'https://kubernetes.default.svc' },
    ],
    ['audiences', withArguments({ 'api-audiences': 'a,b' }, '--api-audiences=c'), { audiences: 'a,b,c' }],
    [
      'no konnectivity',
      { controlPlaneFlags: ['--disable-components=konnectivity-server'] },
      { audiences: 'https://kubernetes.default.svc' },
    ],
  ])('follow the spec: %s', (_, spec, data) => {
    expect(rendered(spec).data).toMatchObject(data)
  })

  it('say where the keys are as the API server does: the last time it is told', () => {
    const spec = withArguments({ 'service-account-jwks-uri': 'https://a' }, `--service-account-jwks-uri=${issuer}/keys`)
    expect(JSON.parse(rendered(spec).data?.['openid-configuration'] ?? '').jwks_uri).toBe(`${issuer}/keys`)
  })

  it('are written with the escapes of the API server, which anybody reads as what they stand for', () => {
    const keysAt = `${issuer}/keys?a=<1>&b=2`
    const { data = {} } = rendered(withArguments({ 'service-account-jwks-uri': keysAt }))
    expect(data['openid-configuration']).toContain(String.raw`/keys?a=\u003c1\u003e\u0026b=2"`)
    expect(JSON.parse(data['openid-configuration'] ?? '').jwks_uri).toBe(keysAt)
  })

  it.each<[string, ControlPlaneSpec]>([
    ['that is no URL', withArguments({ 'service-account-issuer': 'api' })],
    ['without TLS', withArguments({ 'service-account-issuer': 'http://id.example.com' })],
    ['with a query', withArguments({ 'service-account-issuer': `${issuer}?a=b` })],
    ['with a fragment', withArguments({ 'service-account-issuer': `${issuer}#a` })],
    ['whose keys are where each API server says', withArguments({}, '--service-account-jwks-uri=')],
  ])('are the keys alone for an issuer %s', (_, spec) => {
    const { said, data = {} } = rendered(spec)
    expect(said).toBe('True IssuerNotDiscoverable')
    expect(Object.keys(data)).toEqual(['issuer', 'audiences', 'jwks'])
  })

  it('name each algorithm once, in alphabetical order', () => {
    const tokenKeys = ['RS256', 'ES256', 'RS256'].map(alg => ({ ...tokenKey, alg }))
    const sa = { ...certificates.certificates.sa, tokenKeys }
    const { data = {} } = rendered({}, { ...answered, certificates: { sa } })
    const { id_token_signing_alg_values_supported: algorithms } = JSON.parse(data['openid-configuration'] ?? '')
    expect(algorithms).toEqual(['ES256', 'RS256'])
    expect(JSON.parse(data.jwks ?? '').keys).toHaveLength(3)
  })
})

describe('there are none', () => {
  it.each<[string, ControlPlaneSpec, Situation, string]>([
    ['before the API server has answered', {}, certificates, 'False WaitingForFirstAnswer'],
    ['without the Secret', {}, { ...answered, secrets: {} }, 'False WaitingForCertificates'],
    [
      'of a Secret that cannot be used',
      {},
      { ...answered, certificates: { sa: { fault: 'no pair' } } },
      'False WaitingForCertificates',
    ],
    ['of too many keys', {}, { ...answered, certificates: { sa: { tokenKeys: 'tooMany' } } }, 'False TooManyTokenKeys'],
    ['of a spec that k0s would not take', { k0sConfig: { spec: { api: 'x' } } }, answered, 'False InvalidK0sConfig'],
    [
      'of a configuration in the image',
      { controlPlaneFlags: ['--config=/k0s.yaml'] },
      answered,
      'False TokenKeysElsewhere',
    ],
    [
      'of a signer elsewhere',
      withArguments({ 'service-account-signing-endpoint': '/run/signer.sock' }),
      answered,
      'False TokenKeysElsewhere',
    ],
    [
      'of a further key file',
      withArguments({}, '--service-account-key-file=/more.pub'),
      answered,
      'False TokenKeysElsewhere',
    ],
  ])('%s', (_, spec, situation, said) => {
    const seen = rendered(spec, situation)
    expect(seen).toMatchObject({ said, data: undefined })
    expect(seen.message).not.toBe('')
  })

  it.each<[string, ControlPlaneSpec, Situation, boolean]>([
    ['there are too many keys', {}, { certificates: { sa: { tokenKeys: 'tooMany' } } }, true],
    ['the Secret is gone', {}, { secrets: {} }, true],
    ['the Secret cannot be used', {}, { certificates: { sa: { fault: 'no pair' } } }, true],
    ['k0s would not take the spec', { k0sConfig: { spec: { api: 'x' } } }, {}, true],
    ['the signer is elsewhere', withArguments({ 'service-account-signing-endpoint': '/run/signer.sock' }), {}, false],
  ])('but what was published is left as it is, or deleted, when %s', (_, spec, situation, isLeft) => {
    const published = { issuer, jwks: 'as it was' }
    const { metadata, ...rest } = liveConfig('')
    const labels = { 'app.kubernetes.io/component': 'oidc' }
    const live = { ...rest, metadata: { ...metadata, name: 'prod-oidc', labels }, data: published }
    const before = observed(spec, { ...answered, ...situation, configMaps: [live] })
    expect(renderOIDC(before).objects).toMatchObject(isLeft ? [{ data: published }] : [])
    // all else is at rest, so that nothing but this decides
    const deleted = orphans(before, [renderOIDC(before)]).map(({ object }) => object.metadata.name)
    expect(deleted).toEqual(isLeft ? [] : ['prod-oidc'])
  })

  it('but those that are there stay up to date while the API server does not answer', () => {
    const { metadata, ...rest } = liveConfig('')
    const live = { ...rest, metadata: { ...metadata, name: 'prod-oidc' } }
    expect(rendered({}, { ...certificates, configMaps: [live] }).said).toBe('True OIDCDocumentsAvailable')
  })
})
