// A host that is taken is the same one to every client — core
import { isIP } from 'node:net'
import fc from 'fast-check'
import { expect, it, test } from 'vitest'
import { hostRules } from '../schema/shared-fields.ts'
import { faultOfHost } from './host.ts'

it.each([
  '10.0.0.1',
  '255.255.255.255',
  '::1',
  'fd00:8::a',
  '::ffff:10.0.0.1',
  'lb',
  'lb.example.org',
  'LB-1.example.org',
  '1.example',
  'api.10.0.0.1.nip.io',
  'xn--mnchen-3ya.de',
  'a'.repeat(63),
  'lb.example.org.',
  'api_prod.example.org',
  '_lb.example_',
  `${'a.'.repeat(126)}b.`,
])('%s is taken', host => {
  expect(faultOfHost(host)).toBeUndefined()
})

it.each([
  ['10.0.0.300', 'ends in a number and is no IPv4 address'],
  ['1.2.3.4.5', 'ends in a number'],
  ['10.0.1', 'ends in a number'],
  ['010.0.0.1', 'ends in a number'],
  ['foo.1', 'ends in a number'],
  ['host.09', 'ends in a number'],
  ['0x7f.1', 'ends in a number'],
  ['host.0x', 'ends in a number'],
  ['10.0.0.1.', 'ends in a number'],
  ['2130706433', 'ends in a number'],
  ['10.0.0.1:6443', 'it has a port'],
  ['lb.example.org:6443', 'it has a port'],
  ['https://lb.example.org', 'it is a URL'],
  ['[::1]', 'it has brackets'],
  ['[::1]:6443', 'it has brackets'],
  ['fe80::1%eth0', 'it is no IPv6 address'],
  ['1:2:3', 'it is no IPv6 address'],
  ['', 'it is no DNS name'],
  ['a..b', 'it is no DNS name'],
  ['.a', 'it is no DNS name'],
  ['lb.example.org..', 'it is no DNS name'],
  ['.', 'it is no DNS name'],
  ['-lb.example.org', 'it is no DNS name'],
  ['lb example', 'it is no DNS name'],
  ['lb/path', 'it is no DNS name'],
  ['münchen.de', 'it is no DNS name'],
  ['a'.repeat(64), 'it is no DNS name'],
  [`${'a.'.repeat(127)}bc`, 'more than 253 characters'],
])('%s is refused: %s', (host, words) => {
  expect(faultOfHost(host)).toContain(words)
})

const awkward = fc.oneof(
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '0',
          '9',
          '10',
          '256',
          '0x7f',
          '0X',
          '08',
          'a',
          'A-b',
          '-a',
          'a_b',
          '_',
          '',
          'xn--a',
          'xn--nxasmq6b',
        ),
        fc.string({ maxLength: 6 }),
      ),
      { maxLength: 6 },
    )
    .chain(parts => fc.constantFrom(parts.join('.'), parts.join(':'))),
  fc.ipV4(),
  fc.ipV4Extended(),
  fc.ipV6(),
  fc.domain(),
  fc.string(),
)

/** The WHATWG parser; it writes an address in one way, so addresses are compared as it writes them. */
const parsed = (host: string) => URL.parse(`https://${host.includes(':') ? `[${host}]` : host}:6443`)?.hostname

/** Go reads four decimal numbers without leading zeros, or an IPv6 address, for an address, and all else for a name. */
const isAddressInGo = (host: string) => isIP(host) !== 0

test('what is taken is read by the parsers of WHATWG and of Go, as the same host', () => {
  fc.assert(
    fc.property(awkward, host => {
      if (faultOfHost(host) !== undefined) return
      const hostname = parsed(host)
      expect(hostname).toBeDefined()
      const isAddress = isIP(hostname?.replace(/^\[|\]$/g, '') ?? '') !== 0
      expect(isAddress).toBe(isAddressInGo(host))
      if (!host.includes(':')) expect(hostname).toBe(host.toLowerCase())
    }),
    { numRuns: 2000 },
  )
})

/** CEL has RE2, which reads these patterns as JavaScript does. */
const isTakenBySchema = (host: string) =>
  host.includes(':')
    ? hostRules.address.test(host)
    : host === '' || (hostRules.name.test(host) && (!hostRules.number.test(host) || hostRules.ipv4.test(host)))

test('the schema takes every host that is taken', () => {
  fc.assert(
    fc.property(awkward, host => {
      if (faultOfHost(host) === undefined) expect(isTakenBySchema(host)).toBe(true)
    }),
    { numRuns: 2000 },
  )
})
