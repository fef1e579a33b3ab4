// Clusters of the lab, as a user would write them — shell
import type { Machine } from '@k0smotron-ts/api'
import { labCluster, labMachine, labMachinePool, labMachineTemplate } from '../lab-provider/index.ts'
import { type Plain, refTo } from './objects.ts'

const core = 'cluster.x-k8s.io/v1beta2'
const lab = 'infrastructure.cluster.x-k8s.io/v1beta2'

export const userData = '#cloud-config\nruncmd: [true]\n'
export const endpoint = { host: '10.0.0.1', port: 6443 }

/** A cluster without a control plane of anyone: its infrastructure brings the endpoint. */
export function infrastructureFirst(name: string): readonly Plain[] {
  const metadata = { name }
  return [
    { apiVersion: lab, kind: 'LabCluster', metadata, spec: { controlPlaneEndpoint: endpoint } },
    { apiVersion: core, kind: 'Cluster', metadata, spec: { infrastructureRef: refTo(labCluster, name) } },
  ]
}

/** Machines whose bootstrap data someone else makes: Secret `<name>-data`. */
export function deployment(cluster: string, name: string, replicas: number): readonly Plain[] {
  const labels = { pool: name }
  const template = {
    metadata: { labels },
    spec: {
      clusterName: cluster,
      bootstrap: { dataSecretName: `${name}-data` },
      infrastructureRef: refTo(labMachineTemplate, name),
    },
  }
  const metadata = { name }
  return [
    { apiVersion: lab, kind: 'LabMachineTemplate', metadata, spec: { template: { spec: {} } } },
    {
      apiVersion: core,
      kind: 'MachineDeployment',
      metadata,
      spec: { clusterName: cluster, replicas, selector: { matchLabels: labels }, template },
    },
  ]
}

/** One Machine, made by hand. */
export function machine(
  clusterName: string,
  name: string,
  annotations: Readonly<Record<string, string>> = {},
): readonly Plain[] {
  const spec: Machine['spec'] & object = { clusterName, bootstrap: { dataSecretName: `${name}-data` } }
  return [
    { apiVersion: lab, kind: 'LabMachine', metadata: { name, annotations }, spec: {} },
    {
      apiVersion: core,
      kind: 'Machine',
      metadata: { name },
      spec: { ...spec, infrastructureRef: refTo(labMachine, name) },
    },
  ]
}

export function pool(clusterName: string, name: string, replicas: number): readonly Plain[] {
  const bootstrap = { dataSecretName: `${name}-data` }
  const template = { spec: { clusterName, bootstrap, infrastructureRef: refTo(labMachinePool, name) } }
  return [
    { apiVersion: lab, kind: 'LabMachinePool', metadata: { name }, spec: {} },
    { apiVersion: core, kind: 'MachinePool', metadata: { name }, spec: { clusterName, replicas, template } },
  ]
}

export function dataSecret(name: string, { value = userData, format = 'cloud-config' } = {}): Plain {
  const encode = (text: string) => Buffer.from(text).toString('base64')
  const metadata = { name: `${name}-data` }
  return { apiVersion: 'v1', kind: 'Secret', metadata, data: { value: encode(value), format: encode(format) } }
}
