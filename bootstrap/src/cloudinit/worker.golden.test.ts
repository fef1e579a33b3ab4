// Whole documents, one for each situation a user can be in; a lab scenario shows each to a real cloud-init — shell
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { joinToken, workerInput } from './testing/inputs.ts'
import { parsedByPyYaml, python } from './testing/python.ts'
import type { WorkerInput } from './types.ts'
import { renderWorker } from './worker.ts'

const scenarios: Readonly<Record<string, Partial<WorkerInput>>> = {
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
    before: [
      { field: 'spec.preK0sCommands[0]', text: "export PROXY='http://proxy:3128'\nsysctl -w vm.max_map_count=262144" },
    ],
    after: [{ field: 'spec.postK0sCommands[0]', text: 'echo "it\'s done"' }],
  },
}

const withoutToken = (document: string): string => document.replaceAll(joinToken, '<join token>')

test.each(Object.entries(scenarios))('%s', async (name, different) => {
  const input = workerInput(different)
  const document = renderWorker(input)
  await expect(withoutToken(document)).toMatchFileSnapshot(join('__golden__', `${name}.yaml`))
  expect(renderWorker(workerInput(different))).toBe(document)
})

test.skipIf(!python)('PyYAML reads what js-yaml wrote', () => {
  const documents = Object.values(scenarios).map(different => renderWorker(workerInput(different)))
  for (const parsed of parsedByPyYaml(documents)) {
    expect(parsed).toMatchObject({ runcmd: [['/bin/sh', expect.stringContaining('k0s-bootstrap.sh')]] })
  }
})
