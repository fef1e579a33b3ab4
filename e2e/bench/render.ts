// How long the user data of one worker takes — shell
import { encodeJoinToken } from '@k0smotron-ts/api'
import { renderWorker } from '@k0smotron-ts/bootstrap/cloudinit'
import type { Scenario } from './scenario.ts'

const warmUp = 200
const times = 2_000
const scenario = 'worker'

export const render: Scenario = {
  name: 'render',
  description: "one worker's user data, some thousand times",
  isSlow: false,
  async run() {
    const documents = new Set(Array.from({ length: warmUp }, () => renderWorker(input())))
    const inputs = Array.from({ length: times }, input)
    const startedAt = performance.now()
    for (const one of inputs) documents.add(renderWorker(one))
    const value = (performance.now() - startedAt) / times
    return [
      { scenario, metric: 'render its user data', value, unit: 'ms', budget: 1 },
      { scenario, metric: 'other bytes for the same input', value: documents.size - 1, unit: '', budget: 0 },
    ]
  },
}

/** A new one each time, so that nothing can be remembered; the token is as long as a real one. */
function input(): Parameters<typeof renderWorker>[0] {
  return {
    source: { kind: 'script', url: 'https://get.k0s.sh', version: 'v1.36.3+k0s.1' },
    installDir: '/usr/local/bin',
    workingDir: '/etc',
    joinToken,
    args: ['--labels=k0smotron.io/machine-name=m1', '--kubelet-extra-args=--hostname-override=m1'],
    files: [{ path: '/etc/motd', content: 'Hello\n', permissions: '0644' }],
    before: [{ field: 'spec.preK0sCommands[0]', text: 'sysctl -w vm.max_map_count=262144', mayFail: false }],
    after: [{ field: 'spec.postK0sCommands[0]', text: 'echo "it\'s done"', mayFail: false }],
  }
}

const joinToken = encodeJoinToken({
  server: 'https://10.0.0.5:30443',
  certificateAuthority: `-----BEGIN CERTIFICATE-----\n${'MIIB'.repeat(300)}\n-----END CERTIFICATE-----\n`,
  token: 'abcdef.0123456789abcdef',
  role: 'worker',
})
