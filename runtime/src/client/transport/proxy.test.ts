// Which connections go through a proxy — core
import { describe, expect, test } from 'vitest'
import { proxyFor } from './proxy.ts'

const target = (authority: string) => {
  const { hostname, port, protocol } = new URL(`https://${authority}`)
  return { protocol, hostname: hostname.replace(/^\[|\]$/g, ''), port: port || '443' }
}
const through = (authority: string, noProxy = '', proxy = 'http://proxy:3128') =>
  proxyFor(target(authority), { HTTPS_PROXY: proxy, NO_PROXY: noProxy })?.host

describe('NO_PROXY', () => {
  test.each([
    ['*', 'api.example.com'],
    ['example.com', 'example.com'],
    ['example.com', 'api.example.com'],
    ['.example.com', 'api.example.com'],
    ['*.example.com', 'api.example.com'],
    ['EXAMPLE.com', 'api.Example.COM'],
    ['other, example.com:6443', 'example.com:6443'],
    ['10.0.0.7', '10.0.0.7'],
    ['10.0.0.0/8', '10.96.0.1'],
    ['fd00::/8', '[fd00::1]'],
    ['fd00::1', '[fd00:0::1]:6443'],
    ['[fd00::1]:6443', '[fd00::1]:6443'],
    ['10.96.0.1:443', '10.96.0.1'],
  ])('%s exempts %s', (noProxy, authority) => {
    expect(through(authority, noProxy)).toBeUndefined()
  })

  test.each([
    ['', 'api.example.com'],
    ['.example.com', 'example.com'],
    ['ample.com', 'example.com'],
    ['example.com:443', 'example.com:6443'],
    ['10.0.0.0/8', '192.168.0.1'],
    ['10.0.0.0/33', '10.0.0.1'],
    ['10.0.0.0/8', 'fd00.example'],
    ['rubbish/8,,', 'example.com'],
  ])('%s does not exempt %s', (noProxy, authority) => {
    expect(through(authority, noProxy)).toBe('proxy:3128')
  })
})

test.each(['localhost:6443', '127.0.0.1:6443', '[::1]:6443'])('%s is never asked through a proxy', authority => {
  expect(through(authority)).toBeUndefined()
})

test('without a setting there is none; both spellings count, the upper-case one first', () => {
  const to = target('example.com')
  expect(proxyFor(to, {})).toBeUndefined()
  expect(proxyFor(to, { https_proxy: 'a:1' })?.href).toBe('http://a:1/')
  expect(proxyFor(to, { HTTPS_PROXY: 'https://b', https_proxy: 'a:1' })?.href).toBe('https://b/')
  expect(proxyFor(to, { HTTP_PROXY: 'a:1' })).toBeUndefined()
  expect(proxyFor({ ...to, protocol: 'http:' }, { HTTP_PROXY: 'a:1' })?.host).toBe('a:1')
})

test.each(['socks5://user:secret@proxy:1080', 'http://user:secret@'])(
  '%s is refused by the name of the variable',
  proxy => {
    const refusal = () => proxyFor(target('example.com'), { HTTPS_PROXY: proxy })
    expect(refusal).toThrow('HTTPS_PROXY')
    expect(refusal).not.toThrow('secret')
  },
)
