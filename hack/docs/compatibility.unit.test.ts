// docs/compatibility.md says the versions that the code and its tests have — shell
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const textOf = (path: string): Promise<string> => readFile(join(root, path), 'utf8')

/** Where each version is decided, and the row that says it. */
test.each([
  [
    'controlplane/src/hosted/facts/defaults.ts',
    /newestK0sVersion = '(.*)'/,
    (it: string) => `**${it} is what an empty`,
  ],
  [
    'controlplane/src/hosted/facts/defaults.ts',
    /defaultEtcdImage = '.*:v(.*)'/,
    (it: string) => `\`/readyz\` | ${it} |`,
  ],
  ['controlplane/src/hosted/render/k0s/stacks.ts', /first: '(.*?)'/, (it: string) => `known, from ${it} on`],
  [
    'controlplane/src/hosted/render/k0s/stacks.ts',
    /lastMinor: (\d+)/,
    (it: string) => `| 1.${Number(it) + 1} and newer |`,
  ],
  ['controlplane/src/hosted/facts/k0s-version.ts', /34: '(v[\d.]+)/, (it: string) => it],
  ['controlplane/src/hosted/facts/k0s-version.ts', /35: '(v[\d.]+)/, (it: string) => it],
  ['hack/tools/cluster-api/go.mod', /\tsigs\.k8s\.io\/cluster-api v(\S+)/, (it: string) => `clusterctl ${it} |`],
  ['hack/tools/kubernetes/go.mod', /k8s\.io\/kubernetes v(\S+)/, (it: string) => `and newer | ${it} |`],
  ['hack/tools/helm/go.mod', /helm\.sh\/helm\/v3 v(\S+)/, (it: string) => `| Helm | 3 | ${it} |`],
  ['README.md', /Kubernetes (\S+) and newer/, (it: string) => `| Kubernetes ${it} and newer |`],
  ['package.json', /"node": ">=(.*)"/, (it: string) => `| ${it} and newer |`],
])('%s: %s', async (path, where, row) => {
  const [, version = ''] = where.exec(await textOf(path)) ?? []
  expect(version).not.toBe('')
  expect(await textOf('docs/compatibility.md')).toContain(row(version))
})
