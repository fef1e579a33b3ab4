import { expect, it } from 'vitest'
import { observed } from '../../../testing/observed.ts'
import { isProbedOverHTTPS } from './probes.ts'

const probed = (spec: object, version = 'v1.36.3+k0s.1') => {
  const live = observed({ version, ...spec }, {})
  if (!live.version) throw new Error(`no version: ${version}`)
  return isProbedOverHTTPS(live, live.version)
}

it.each<[string, object, boolean]>([
  ['by default', {}, true],
  ['with flags that say nothing of it', { controlPlaneFlags: ['--enable-metrics-scraper'] }, true],
  ['not with a configuration in the image', { controlPlaneFlags: ['--config=/opt/own.yaml'] }, false],
  ['not with the short form of it', { controlPlaneFlags: ['-c', '/opt/own.yaml'] }, false],
  [
    'not with an authentication of the user',
    { k0sConfig: { spec: { api: { rawArgs: ['--oidc-issuer-url=x'] } } } },
    false,
  ],
  [
    'not where the user says who may be anonymous',
    { k0sConfig: { spec: { api: { extraArgs: { 'anonymous-auth': 'false' } } } } },
    false,
  ],
])('probes go over HTTPS %s', (_, spec, is) => {
  expect(probed(spec)).toBe(is)
})

it('probes do not go over HTTPS where k0s does not pass the file on', () => {
  expect(probed({}, 'v1.36.3+k0s.0')).toBe(false)
})
