// One input of the renderer for each situation that a user can be in — core
import type { WorkerInput } from '../types.ts'
import { commandsOf } from '../user-command.ts'

export const scenarios: Readonly<Record<string, Partial<WorkerInput>>> = {
  'all-defaults': {},
  'k0s-in-the-image': { source: { kind: 'installed' }, installDir: '/opt/bin' },
  'binary-from-a-mirror': { source: { kind: 'binary', url: 'https://mirror.example.org/k0s?arch=amd64' } },
  'binary-from-an-oci-registry': { source: { kind: 'blob', reference: 'registry.example.org/k0s@sha256:aa' } },
  'folders-of-the-users-own': { installDir: '/opt/bin', workingDir: '/opt/k0s' },
  'machine-pool-without-names': { args: [] },
  'flags-of-the-users-own': {
    args: [
      '--labels=k0smotron.io/machine-name=m1',
      '--taints',
      "it's=a:NoSchedule",
      '--kubelet-extra-args=--node-ip=1.2.3.4 --v=2',
    ],
  },
  'files-text-and-binary': {
    files: [
      { path: '/etc/motd', content: 'Hello {{ name }}\n\ttab\n', permissions: '0644' },
      { path: '/etc/empty', content: '', permissions: '0600' },
      { path: '/opt/blob', content: new Uint8Array([0, 255, 10]), permissions: '0755' },
    ],
  },
  'commands-before-and-after': {
    before: commandsOf('spec.preK0sCommands', ["export PROXY='http://proxy:3128'\nsysctl -w vm.max_map_count=262144"]),
    after: commandsOf('spec.postK0sCommands', ['echo "it\'s done"']),
  },
  'what-only-the-machine-knows': {
    args: ['--kubelet-extra-args=--provider-id=rack://row1/%{hostname}'],
    before: commandsOf('spec.preK0sCommands', ['-test -r /run/reboot-required && reboot']),
  },
}
