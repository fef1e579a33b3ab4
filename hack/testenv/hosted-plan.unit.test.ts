// What a k0s controller would start from its configuration — core
import { dump } from 'js-yaml'
import { expect, test } from 'vitest'
import { type ClusterConfig, filesOfRevision, hostedArguments, listenAddress, serverNames } from './hosted-plan.ts'

const text = (port: number): string => dump({ kind: 'ClusterConfig', spec: { api: { port } } })
const authentication = dump({ kind: 'AuthenticationConfiguration', anonymous: { enabled: true } })
const paths = { dir: '/d', etcdServers: 'https://127.0.0.1:2379', hasEtcdCertificates: true }

function config(api: object): ClusterConfig {
  return { kind: 'ClusterConfig', spec: { api } }
}

test('of several revisions the one that the pod template names is taken', () => {
  const kept = { 'k0s-1.yaml': text(1), 'k0s-2.yaml': text(2), 'authentication-1.yaml': authentication }
  const template = { spec: { volumes: [{ configMap: { items: [{ key: 'k0s-2.yaml', path: 'k0s.yaml' }] } }] } }

  expect(filesOfRevision(kept, template)).toEqual({ config: { kind: 'ClusterConfig', spec: { api: { port: 2 } } } })
})

test('without a template the only revision is taken, two are refused', () => {
  expect(filesOfRevision({ a: text(1), b: authentication }, undefined)).toMatchObject({ authentication })
  expect(() => filesOfRevision({ a: text(1), b: text(2) }, undefined)).toThrow('2 k0s configurations are named')
})

test.each([
  [{}, { host: '127.0.0.1', port: 6443 }],
  [
    { port: 30_443, externalAddress: '127.0.0.1:30443' },
    { host: '127.0.0.1', port: 30_443 },
  ],
  [
    { port: 30_443, externalAddress: '127.0.0.7' },
    { host: '127.0.0.7', port: 30_443 },
  ],
  [
    { port: 30_443, externalAddress: 'api.example.org' },
    { host: '127.0.0.1', port: 30_443 },
  ],
])('%j is published at %j', (api, address) => {
  expect(listenAddress(config(api))).toEqual(address)
})

test('the certificate carries the published address, the extra names and the first address of the services', () => {
  const names = serverNames(config({ externalAddress: '[fd00::1]:30443', sans: ['kmc-c1'], address: '10.0.0.9' }))
  expect(names).toEqual(
    expect.arrayContaining(['kubernetes', '127.0.0.1', 'fd00::1', 'kmc-c1', '10.0.0.9', '10.96.0.1']),
  )
})

test('strangers are refused unless the configuration says who may come in, and then only there', () => {
  const plain = { config: config({}) }
  expect(hostedArguments(plain, paths)).toContain('--anonymous-auth=false')

  const decided = hostedArguments({ ...plain, authentication }, paths)
  expect(decided).toContain('--authentication-config=/d/authentication.yaml')
  expect(decided.some(argument => argument.startsWith('--anonymous-auth'))).toBe(false)
})

test("the configuration's extra arguments win over k0s's defaults", () => {
  const args = hostedArguments({ config: config({ extraArgs: { profiling: 'true', 'event-ttl': '5m' } }) }, paths)
  expect(args).toEqual(expect.arrayContaining(['--profiling=true', '--event-ttl=5m']))
  expect(args).not.toContain('--profiling=false')
})
