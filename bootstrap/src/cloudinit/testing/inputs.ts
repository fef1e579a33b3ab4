// Inputs for tests: a worker with all defaults, and what differs from it — core
import { encodeJoinToken } from '@k0smotron-ts/api'
import type { WorkerInput } from '../types.ts'

export const joinToken: string = encodeJoinToken({
  server: 'https://10.0.0.5:30443',
  certificateAuthority: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
  token: 'abcdef.0123456789abcdef',
  role: 'worker',
})

export function workerInput(different: Partial<WorkerInput> = {}): WorkerInput {
  return {
    source: { kind: 'script', url: 'https://get.k0s.sh', version: 'v1.36.3+k0s.1' },
    installDir: '/usr/local/bin',
    workingDir: '/etc',
    joinToken,
    args: ['--labels=k0smotron.io/machine-name=m1', '--kubelet-extra-args=--hostname-override=m1'],
    files: [],
    before: [],
    after: [],
    ...different,
  }
}
