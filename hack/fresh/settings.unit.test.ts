// Which settings go into a fresh root — core
import { expect, test } from 'vitest'
import { pathsIn, registrySettings } from './settings.ts'

test('the way to the registries goes along, and nothing else of this machine', () => {
  const env = {
    HTTPS_PROXY: 'http://proxy:3128',
    no_proxy: 'localhost',
    npm_config_registry: 'https://npm.example/',
    SSL_CERT_FILE: '/etc/ca.pem',
    K0SMOTRON_TS_BIN: '/opt/bin',
    XDG_CACHE_HOME: '/cache',
    TOKEN: 'secret',
    GOPATH: '/go',
  }
  expect(Object.keys(registrySettings(env))).toEqual([
    'HTTPS_PROXY',
    'no_proxy',
    'npm_config_registry',
    'SSL_CERT_FILE',
  ])
})

test('files that settings name must be there too', () => {
  const settings = { SSL_CERT_FILE: '/etc/ca.pem', SSL_CERT_DIR: '/etc/certs:/more', HTTPS_PROXY: 'http://proxy:3128' }
  expect(pathsIn(settings)).toEqual(['/etc/ca.pem', '/etc/certs', '/more'])
})
