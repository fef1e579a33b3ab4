// Where a workload cluster's API server may not be — core
import { expect, test } from 'vitest'
import { parseRange, refusesAddress } from './addresses.ts'

/** As a connection gets it: URLs have one spelling for an address, however it was written. */
const hostIn = (server: string): string => new URL(server).hostname.replace(/^\[|\]$/g, '')

test.each([
  'https://127.0.0.1:6443',
  'https://127.8.8.8',
  'https://0x7f.1',
  'https://2130706433',
  'https://0177.0.0.1',
  'https://127.1',
  'https://0.0.0.0',
  'https://0',
  'https://169.254.169.254',
  'https://224.0.0.1',
  'https://239.255.255.255',
  'https://255.255.255.255',
  'https://[::1]',
  'https://[::]',
  'https://[0:0:0:0:0:0:0:1]',
  'https://[fe80::1]',
  'https://[febf::1]',
  'https://[ff02::1]',
  'https://[::ffff:127.0.0.1]',
  'https://[::ffff:7f00:1]',
  'https://[::ffff:a9fe:a9fe]',
  'https://[64:ff9b::127.0.0.1]',
  'https://[64:ff9b::169.254.169.254]',
  'https://[64:ff9b:1::127.0.0.1]',
  'https://[64:ff9b:1::169.254.169.254]',
  'https://[2002:7f00:1::]',
  'https://[2002:a9fe:a9fe::]',
  'https://[::127.0.0.1]',
  'https://[::169.254.169.254]',
  'https://[fd00:ec2::254]',
  'https://[fd00:ec2::23]',
  'https://[fd20:ce::254]',
  'https://168.63.129.16',
  'https://100.100.100.200',
  'https://192.0.0.192',
])('%s is refused', server => {
  expect(refusesAddress([])(hostIn(server))).toBe(true)
})

test.each([
  'https://10.0.0.1',
  'https://172.18.0.2',
  'https://192.168.1.1',
  'https://100.64.0.1',
  'https://192.0.2.10',
  'https://8.8.8.8',
  'https://[fd00::1]',
  'https://[2001:db8::1]',
  'https://[::ffff:10.0.0.1]',
  'https://100.100.100.201',
  'https://[2002:a00:1::]',
  'https://[64:ff9b:1::10.0.0.1]',
])('%s is allowed', server => {
  expect(refusesAddress([])(hostIn(server))).toBe(false)
})

test('an administrator may vouch for ranges, and for no more than them', () => {
  const refuses = refusesAddress(['127.0.0.0/30', '::1/128'])
  expect(['127.0.0.1', '::ffff:127.0.0.1', '::1'].map(refuses)).toEqual([false, false, false])
  expect(['127.0.0.4', '169.254.169.254', '::'].map(refuses)).toEqual([true, true, true])
})

test.each(['127.0.0.1', '127.0.0.0/33', '::/129', 'localhost/8', '127.0.0.0/', '/8', '1.2.3/8', ''])(
  '%j is no range',
  text => {
    expect(parseRange(text)).toBeUndefined()
  },
)
