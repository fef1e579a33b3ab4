// The commands in the samples' own comments, run as they stand against a real API server with Cluster API core — shell
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { k0sWorkerConfigTemplate } from '@k0smotron-ts/api'
import { execFile } from '@k0smotron-ts/hack/programs'
import { install, type Management, startManagement, untilAll } from '@k0smotron-ts/hack/testenv'
import { binaries } from '@k0smotron-ts/hack/tools'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { labManifests } from '../../lab-provider/index.ts'

const repository = join(import.meta.dirname, '..', '..', '..')
const samples = join(repository, 'config', 'samples')

let world: Management
let path: string

beforeAll(async () => {
  const found = await binaries(['kubectl', 'clusterctl'])
  path = [...Object.values(found).map(dirname), process.env.PATH].join(':')
  world = await startManagement({ clusterApi: true })
  await install(world.client, labManifests('k0smotron'))
})

afterAll(() => world[Symbol.asyncDispose]())

/** The commands that make something, for the lab's infrastructure; the API server checks and stores nothing. */
async function commandsOf(sample: string): Promise<string> {
  const text = await readFile(join(samples, sample), 'utf8')
  const commands = text.split('\n').flatMap(line => /^# {3}(\S.*)$/.exec(line)?.[1] ?? [])
  return commands
    .filter(command => /^export |kubectl apply/.test(command))
    .map(command => command.replace('INFRASTRUCTURE=Docker', 'INFRASTRUCTURE=Lab'))
    .map(command => command.replace('kubectl apply', 'kubectl apply --dry-run=server'))
    .join('\n')
}

async function runShell(script: string): Promise<readonly string[]> {
  const env = {
    PATH: path,
    HOME: world.env.dir,
    KUBECONFIG: world.env.kubeconfig,
    CLUSTERCTL_DISABLE_VERSIONCHECK: 'true',
  }
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd: repository, env })
  return stdout.trim().split('\n')
}

const classObjects = [
  'clusterclass.cluster.x-k8s.io/k0smotron',
  'k0smotroncontrolplanetemplate.controlplane.cluster.x-k8s.io/k0smotron',
  'k0sworkerconfigtemplate.bootstrap.cluster.x-k8s.io/k0smotron-default-worker',
  'labclustertemplate.infrastructure.cluster.x-k8s.io/k0smotron',
  'labmachinetemplate.infrastructure.cluster.x-k8s.io/k0smotron-default-worker',
]

const accepted: Readonly<Record<string, readonly string[]>> = {
  'cluster-template-hosted-only.yaml': [
    'cluster.cluster.x-k8s.io/my-cluster',
    'k0smotroncontrolplane.controlplane.cluster.x-k8s.io/my-cluster',
  ],
  'cluster-template-topology.yaml': [...classObjects, 'cluster.cluster.x-k8s.io/my-cluster'],
  'clusterclass-k0smotron.yaml': classObjects,
  'hosted-cluster.yaml': [
    'cluster.cluster.x-k8s.io/hosted',
    'k0smotroncontrolplane.controlplane.cluster.x-k8s.io/hosted',
  ],
  'cluster-template.yaml': [
    'cluster.cluster.x-k8s.io/my-cluster',
    'k0smotroncontrolplane.controlplane.cluster.x-k8s.io/my-cluster',
    'machinedeployment.cluster.x-k8s.io/my-cluster-md-0',
    'k0sworkerconfigtemplate.bootstrap.cluster.x-k8s.io/my-cluster-md-0',
    'labcluster.infrastructure.cluster.x-k8s.io/my-cluster',
    'labmachinetemplate.infrastructure.cluster.x-k8s.io/my-cluster-md-0',
  ],
  'standalone.yaml': ['cluster.k0smotron.io/standalone', 'jointokenrequest.k0smotron.io/standalone-worker'],
}

it('every sample is known here', async () => {
  expect((await readdir(samples)).sort()).toEqual(Object.keys(accepted).sort())
})

it.each(Object.entries(accepted))('the API server accepts what the commands in %s make', async (sample, objects) => {
  expect(await runShell(await commandsOf(sample))).toEqual(objects.map(object => `${object} created (server dry run)`))
})

it('the check is one: a field that no CRD has is refused', async () => {
  const commands = (await commandsOf('hosted-cluster.yaml')).replace(
    /-f (\S+)/,
    "-f <(sed 's/type: NodePort/type: NodePort, sort: none/; s/service:$/service: {/; s/none$/none}/' $1)",
  )
  await expect(runShell(commands)).rejects.toThrow('unknown field')
})

it.each([
  ['with-mirror', 'https://mirror.example/k0s-{version}', 'https://mirror.example/k0s-v1.36.3+k0s.1'],
  ['without-mirror', 'https://get.k0s.sh', 'https://get.k0s.sh'],
])('machines of a ClusterClass get the k0s of their version, %s', async (namespace, url, expected) => {
  const commands = (await commandsOf('cluster-template-topology.yaml'))
    .replace('NAMESPACE=default', `NAMESPACE=${namespace} K0S_DOWNLOAD_URL='${url}'`)
    .replaceAll('--dry-run=server', '')
    .replace('cluster my-cluster', `$& --target-namespace=${namespace}`)
  await runShell(`kubectl create namespace ${namespace}\n${commands}`)
  const labelSelector = 'cluster.x-k8s.io/cluster-name=my-cluster'
  const subject = { type: k0sWorkerConfigTemplate, namespace, labelSelector }
  const { objects } = await untilAll(world.client, subject, all => all.length > 0)
  expect(objects).toMatchObject([{ spec: { template: { spec: { downloadURL: expected } } } }])
})
