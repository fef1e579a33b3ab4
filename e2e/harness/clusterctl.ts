// The real clusterctl, offline — shell
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { execFile } from '@k0smotron-ts/hack/programs'
import { binaries } from '@k0smotron-ts/hack/tools'
import type { K0s } from './k0s.ts'

const samples = join(import.meta.dirname, '..', '..', 'config', 'samples')

/** Path of a sample. */
export const sample = (name: string): string => join(samples, name)

/** What a user would export for `clusterctl generate cluster --from config/samples/cluster-template.yaml`. */
export interface TemplateVariables {
  readonly CLUSTER_NAME: string
  readonly NAMESPACE: string
  readonly KUBERNETES_VERSION: string
  readonly WORKER_MACHINE_COUNT: string
  readonly INFRASTRUCTURE: string
  readonly K0S_IMAGE?: string
  readonly ETCD_IMAGE?: string
  readonly SERVICE_TYPE?: string
  readonly K0S_PREINSTALLED?: string
  readonly K0S_DOWNLOAD_URL?: string
}

/** What a user of a stage exports for it. */
export function variablesFor({ k0s }: { readonly k0s: K0s }, name: string, namespace = 'default'): TemplateVariables {
  return {
    CLUSTER_NAME: name,
    NAMESPACE: namespace,
    KUBERNETES_VERSION: k0s.version,
    WORKER_MACHINE_COUNT: '1',
    INFRASTRUCTURE: 'Lab',
    K0S_IMAGE: k0s.image,
    ETCD_IMAGE: k0s.etcdImage,
    SERVICE_TYPE: 'NodePort',
    K0S_PREINSTALLED: 'true',
  }
}

/** The manifests that clusterctl makes of the template; needs no management cluster, and asks no other host. */
export async function generateCluster(variables: TemplateVariables): Promise<string> {
  const { CLUSTER_NAME: name, NAMESPACE: namespace } = variables
  const args = ['generate', 'cluster', name, '--target-namespace', namespace, '--from', sample('cluster-template.yaml')]
  return clusterctl(args, { ...variables })
}

/** What it prints; throws what it complains. */
export async function clusterctl(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { clusterctl: program } = await binaries(['clusterctl'])
  const home = await mkdtemp(join(tmpdir(), 'clusterctl-')) // not what a person has configured for himself
  try {
    const settings = { CLUSTERCTL_DISABLE_VERSIONCHECK: 'true', HOME: home, XDG_CONFIG_HOME: home }
    const options = { env: { PATH: process.env.PATH, ...settings, ...env }, maxBuffer: 1 << 24 }
    const { stdout } = await promisify(execFile)(program, args, options)
    return stdout
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}
