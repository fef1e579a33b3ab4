// Which certificate members are asked with — core
import { issueCertificateAuthority } from '@k0smotron-ts/runtime/shell'
import { manualClock } from '@k0smotron-ts/runtime/testing'
import { expect, test } from 'vitest'
import { etcdPod, observed, secret } from '../../../../testing/observed.ts'
import { MemberConnections } from './connections.ts'

const hour = 60 * 60 * 1000

test('one that ends is replaced by time alone: no pass comes while nothing changes', async () => {
  const clock = manualClock()
  const connections = new MemberConnections('test', clock)
  const authority = await issueCertificateAuthority({ commonName: 'etcd', validityMs: 100 * hour, now: clock.now() })
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const data = { 'tls.crt': base64(authority.certificate), 'tls.key': base64(authority.privateKey.reveal()) }
  const seen = observed({}, { secrets: { etcd: { ...secret('etcd'), data } }, pods: [etcdPod(0)] })
  const gateway = async () => (await connections.gateways(seen)).get(0)
  const first = await gateway()
  expect(first).toBeDefined()
  await clock.advance(11 * hour)
  expect(await gateway()).toBe(first)
  await clock.advance(2 * hour)
  expect(await gateway()).not.toBe(first)
  connections.close()
})
