// IP addresses in one spelling — core
import { expect, test } from 'vitest'
import { canonicalIp } from './ip-address.ts'

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['255.255.255.255', '255.255.255.255'],
  ['::1', '::1'],
  ['FD00:0:0:0:0:0:0:1', 'fd00::1'],
  ['fd00:0000::0001', 'fd00::1'],
  ['::ffff:1.2.3.4', '::ffff:102:304'],
])('%s is %s', (text, canonical) => {
  expect(canonicalIp(text)).toBe(canonical)
})

test.each(['', '1.2.3', '1.2.3.256', '01.2.3.4', 'example.org', 'fe80::1%eth0', 'host:80', ']:1', '::1]/@['])(
  '%j is none',
  text => {
    expect(canonicalIp(text)).toBeUndefined()
  },
)
