// A local repository for clusterctl: our releases, Cluster API core as it runs beside them, the lab's infrastructure — shell
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Kubectl, parseComponents, withWebhooksAt } from '@k0smotron-ts/hack/testenv'
import { binaries } from '@k0smotron-ts/hack/tools'
import { dump } from 'js-yaml'
import { labManifests } from '../lab-provider/index.ts'
import { clusterctl } from './clusterctl.ts'

const infrastructureVersion = 'v0.1.0'
const certManagerVersion = 'v1.21.1'

export interface RepositoryOptions {
  readonly folder: string
  /** Folders that `make release` wrote, by version. */
  readonly releases: Readonly<Record<string, string>>
  /** Of the management cluster, where core runs as a process. */
  readonly kubectl: Kubectl
}

/** The path of clusterctl's configuration; `latest` is the last of the releases. */
export async function writeRepository({ folder, releases, kubectl }: RepositoryOptions): Promise<string> {
  for (const [version, release] of Object.entries(releases))
    for (const type of ['bootstrap', 'control-plane']) await writeProvider(folder, { type, version, release })
  await writeInfrastructure(folder, Object.values(releases)[0] ?? '')
  const core = await writeCore(folder, kubectl)
  const certManager = join(folder, 'cert-manager', certManagerVersion, 'cert-manager.yaml')
  await write(certManager, yamlOf(certManagerKinds))
  const [version = ''] = Object.keys(releases)
  const provider = (name: string, type: string, path: string): object => ({ name, type, url: join(folder, path) })
  const config = join(folder, 'clusterctl.yaml')
  const ours = 'k0sproject-k0smotron'
  const providers = [
    provider('cluster-api', 'CoreProvider', `cluster-api/${core}/core-components.yaml`),
    provider(ours, 'BootstrapProvider', `bootstrap-${ours}/${version}/bootstrap-components.yaml`),
    provider(ours, 'ControlPlaneProvider', `control-plane-${ours}/${version}/control-plane-components.yaml`),
    provider(
      'lab',
      'InfrastructureProvider',
      `infrastructure-lab/${infrastructureVersion}/infrastructure-components.yaml`,
    ),
  ]
  await write(config, dump({ providers, 'cert-manager': { url: certManager, version: certManagerVersion } }))
  return config
}

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
}

const yamlOf = (objects: readonly object[]): string => objects.map(object => JSON.stringify(object)).join('\n---\n')

interface ReleasedProvider {
  readonly type: string
  readonly version: string
  readonly release: string
}

async function writeProvider(folder: string, { type, version, release }: ReleasedProvider): Promise<void> {
  const place = join(folder, `${type}-k0sproject-k0smotron`, version)
  await mkdir(place, { recursive: true })
  for (const name of [`${type}-components.yaml`, 'metadata.yaml']) await cp(join(release, name), join(place, name))
}

/** With the templates of the release, as the infrastructure providers of others have some: clusterctl looks for them there. */
async function writeInfrastructure(folder: string, release: string): Promise<void> {
  const place = join(folder, 'infrastructure-lab', infrastructureVersion)
  await cp(release, place, {
    recursive: true,
    filter: path => path === release || /\/cluster(?:-template|class-)/.test(path),
  })
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'k0smotron' } }
  await write(join(place, 'infrastructure-components.yaml'), yamlOf([namespace, ...labManifests('k0smotron')]))
  await cp(join(release, 'metadata.yaml'), join(place, 'metadata.yaml'))
}

/** Its manifests without what a process does not need, with webhooks at that process. */
async function writeCore(folder: string, kubectl: Kubectl): Promise<string> {
  const files = await binaries(['cluster-api-components.yaml', 'cluster-api-metadata.yaml'])
  const path = '{.spec.conversion.webhook.clientConfig}'
  const live = await kubectl(['get', 'crd', 'clusters.cluster.x-k8s.io', `--output=jsonpath=${path}`])
  const { url, caBundle } = JSON.parse(live) as { readonly url: string; readonly caBundle: string }
  const address = { url: new URL(url).origin, caBundle }
  const objects = parseComponents(await readFile(files['cluster-api-components.yaml'], 'utf8'))
  const version = (await clusterctl(['version', '--output=short'])).trim()
  const place = join(folder, 'cluster-api', version)
  await write(join(place, 'core-components.yaml'), yamlOf(objects.map(object => withWebhooksAt(object, address))))
  await cp(files['cluster-api-metadata.yaml'], join(place, 'metadata.yaml'))
  return version
}

/** clusterctl wants it to be there, and makes one of each kind to see that it is; nothing of ours needs it. */
const certManagerKinds: readonly object[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'cert-manager' } },
  ...['Issuer', 'Certificate'].map(kind => {
    const plural = `${kind.toLowerCase()}s`
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
    return {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.cert-manager.io` },
      spec: {
        group: 'cert-manager.io',
        names: { kind, plural },
        scope: 'Namespaced',
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    }
  }),
]
