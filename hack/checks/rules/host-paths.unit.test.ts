// Which paths of programs are found in source text — core
import { expect, test } from 'vitest'
import { hostPaths } from './host-paths.ts'

test.each([
  "export const busybox = '/bin/busybox'",
  "const cni = join('/usr/lib/cni', name)",
  "run(['sh', '/usr/share/thing/start'])",
])('%s needs a package that nobody named', line => {
  expect(hostPaths('hack/a.ts', `// a\n${line}`)).toEqual([expect.stringMatching(/^hack\/a\.ts:2: \//)])
})

test.each([
  "command: ['/bin/sh', '-c', script]",
  "readOnly: { '/usr/local/bin/k0s': file }",
  "await node.exec(['base64', '/bin/busybox'])",
  "const file = '/etc/hosts'",
])('%s is a guest, or a file that every machine has', line => {
  expect(hostPaths('hack/a.ts', line)).toEqual([])
})
