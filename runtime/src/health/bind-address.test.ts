// Where a server listens, as the flags say it — core
import { expect, test } from 'vitest'
import { parseBindAddress } from './bind-address.ts'

test.each([
  [':8081', { port: 8081 }],
  ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
  ['[::]:8080', { host: '::', port: 8080 }],
  ['[fd00::1]:8443', { host: 'fd00::1', port: 8443 }],
  ['localhost:80', { host: 'localhost', port: 80 }],
  ['0', undefined],
  ['', undefined],
])('%s', (text, expected) => {
  expect(parseBindAddress(text)).toEqual(expected)
})

test.each(['8081', ':', ':http', ':65536', '::1:8080', '[::1]', '[host]:80', 'host:80:90', ':-1', ' :8081'])(
  '%s is refused by name',
  text => {
    expect(() => parseBindAddress(text)).toThrow(`${JSON.stringify(text)} is not an address such as ":8081"`)
  },
)
