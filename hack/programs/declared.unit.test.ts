// Which programs may be started — core
import { expect, test } from 'vitest'
import { declaredIn, missingProgram, packagesOf, programsFor } from './declared.ts'

test.each<[string, readonly string[], readonly string[]]>([
  ['a program of the system', ['git', 'status'], ['git']],
  ['by its path', ['/bin/sh', '-c', 'true'], ['sh']],
  ['what we built', ['/home/me/.cache/k0smotron-ts/bin/etcd', '--version'], []],
  ['one that starts another', ['nsenter', '--net=/run/netns/a', '--', 'nft', 'list'], ['nsenter', 'nft']],
  ['two that start another', ['unshare', '--mount', '--', 'env', '--', 'A=b', 'ip', 'a=b'], ['unshare', 'env', 'ip']],
  ['one that starts what we built', ['nsenter', '-t', '1', '--net', '--', '/home/me/etcd'], ['nsenter']],
  ['what a guest has', ['nsenter', '-t', '1', '-m', '-r', '--', 'k0s', 'status'], ['nsenter']],
])('%s', (_, argv, programs) => {
  expect(declaredIn(argv)).toEqual(programs)
})

test.each<[string, readonly string[]]>([
  ['whose package nobody named', ['busybox', 'ls']],
  ['by its path', ['/usr/bin/jq', '.']],
  ['behind another', ['nsenter', '--net=/run/netns/a', '--', 'tcpdump']],
])('a program %s is refused, whatever this machine has', (_, argv) => {
  expect(() => declaredIn(argv)).toThrow(/is not declared: name it and its package/)
})

test('what somebody gives us instead of building it may be anywhere', () => {
  const etcd = ['/usr/bin/etcd', '--version']
  const behind = ['nsenter', '--net=/run/netns/a', '--', ...etcd]
  expect(declaredIn(behind, '/usr/bin')).toEqual(['nsenter'])
  expect(() => declaredIn(behind)).toThrow('etcd is not declared')
})

test('what a program starts must be seen', () => {
  expect(() => declaredIn(['unshare', '--mount', 'tcpdump'])).toThrow('unshare starts another program')
})

test('who lacks a program is told the package', () => {
  expect(missingProgram('ps')).toBe('ps is missing: install it (Debian: apt-get install procps)')
  expect(packagesOf(['ps', 'pgrep', 'nft'])).toEqual(['procps', 'nftables'])
})

test('what the lab needs on the host', () => {
  expect(packagesOf(programsFor('lab'))).toContain('systemd-container')
})
