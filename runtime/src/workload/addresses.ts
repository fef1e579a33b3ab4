// Where a workload cluster's API server may not be: places that only the manager can reach — core
import { BlockList, isIP } from 'node:net'

/** Whether nobody may be sent to this IP address, however it is spelled. */
export type RefusesAddress = (address: string) => boolean

/**
 * A tenant writes the address, and the manager connects to it from where it runs. Private networks stay allowed: clusters
 * live there.
 */
const refusedRanges = [
  '0.0.0.0/8', // this host
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local: metadata services of clouds
  '224.0.0.0/4', // multicast
  '255.255.255.255/32', // broadcast
  '::/127', // unspecified and loopback
  'fe80::/10', // link-local
  'ff00::/8', // multicast
  // metadata services elsewhere
  '100.100.100.200/32', // Alibaba Cloud
  '168.63.129.16/32', // Azure
  '192.0.0.192/32', // Oracle Cloud
  'fd00:ec2::/32', // AWS
  'fd20:ce::254/128', // Google Cloud
  // loopback and link-local of IPv4 in IPv6
  '::7f00:0/104',
  '::a9fe:0/112',
  '2002:7f00::/24', // 6to4
  '2002:a9fe::/32',
  '64:ff9b::7f00:0/104', // NAT64
  '64:ff9b::a9fe:0/112',
  '64:ff9b:1::7f00:0/104', // NAT64 of a local network
  '64:ff9b:1::a9fe:0/112',
]

/** `allowed`: ranges that an administrator vouches for. */
export function refusesAddress(allowed: readonly string[]): RefusesAddress {
  const [refused, accepted] = [blockListOf(refusedRanges), blockListOf(allowed)]
  return address => {
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    return refused.check(address, family) && !accepted.check(address, family)
  }
}

/** `address/prefix` as its parts; `undefined` for any other text. */
export function parseRange(text: string): { readonly address: string; readonly prefix: number } | undefined {
  const [, address = '', digits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? []
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  const prefix = Number(digits)
  return prefix <= bits ? { address, prefix } : undefined
}

/** An IPv4 range holds its IPv4-mapped IPv6 addresses too. */
function blockListOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const text of ranges) {
    const range = parseRange(text)
    if (!range) throw new TypeError(`${text} is no range of addresses`)
    list.addSubnet(range.address, range.prefix, isIP(range.address) === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}
