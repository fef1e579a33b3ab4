// What machines get for the real k0s, by its version — shell
import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { realMachineFiles } from './real-k0s.ts'

it.each([
  ['v1.35.7+k0s.0', 'version = 2', 'io.containerd.grpc.v1.cri'],
  ['v1.36.0+k0s.0', 'version = 3', 'io.containerd.cri.v1.runtime'],
  ['v1.36.3+k0s.1', 'version = 3', 'io.containerd.cri.v1.runtime'],
])('gives the containerd of %s a drop-in with %s', async (version, header, plugin) => {
  const files = realMachineFiles({ airgap: '/bundle.tar', version })
  const lines = (await readFile(files['/etc/k0s/containerd.d/lab.toml'] ?? '', 'utf8')).split('\n')
  expect(lines.slice(1, 4)).toEqual([header, `[plugins."${plugin}"]`, '  restrict_oom_score_adj = true'])
})
