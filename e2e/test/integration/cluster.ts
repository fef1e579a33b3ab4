// A cluster with a control plane and workers of ours, as a user would write it — core
import {
  type K0smotronControlPlane,
  k0smotronControlPlane,
  k0sWorkerConfig,
  k0sWorkerConfigTemplate,
} from '@k0smotron-ts/api'
import { type Plain, refTo, version } from '../../harness/objects.ts'
import { type LabCluster, labCluster, labMachinePool, labMachineTemplate } from '../../lab-provider/index.ts'

const core = 'cluster.x-k8s.io/v1beta2'

export interface ClusterOrder {
  readonly name: string
  readonly controlPlane: Partial<K0smotronControlPlane['spec']>
  /** Absent: there is no infrastructure object, and no reference to one. */
  readonly infrastructure?: LabCluster['spec']
}

/** In the order of `kubectl apply` of one file. */
export function clusterObjects({ name, controlPlane, infrastructure }: ClusterOrder): readonly Plain[] {
  const metadata = { name }
  const infrastructureRef = infrastructure && { infrastructureRef: refTo(labCluster, name) }
  return [
    {
      apiVersion: core,
      kind: 'Cluster',
      metadata,
      spec: { controlPlaneRef: refTo(k0smotronControlPlane, name), ...infrastructureRef },
    },
    ...(infrastructure ? [{ apiVersion: lab, kind: 'LabCluster', metadata, spec: infrastructure }] : []),
    {
      apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
      kind: 'K0smotronControlPlane',
      metadata,
      spec: { version, ...controlPlane },
    },
    ...workers(name, 1),
  ]
}

const lab = 'infrastructure.cluster.x-k8s.io/v1beta2'

function workers(name: string, replicas: number): readonly Plain[] {
  const metadata = { name }
  const labels = { workers: name }
  const template = {
    metadata: { labels },
    spec: {
      clusterName: name,
      version,
      bootstrap: { configRef: refTo(k0sWorkerConfigTemplate, name) },
      infrastructureRef: refTo(labMachineTemplate, name),
    },
  }
  return [
    {
      apiVersion: 'bootstrap.cluster.x-k8s.io/v1beta2',
      kind: 'K0sWorkerConfigTemplate',
      metadata,
      spec: { template: { spec: { preInstalledK0s: true } } },
    },
    { apiVersion: lab, kind: 'LabMachineTemplate', metadata, spec: { template: { spec: {} } } },
    {
      apiVersion: core,
      kind: 'MachineDeployment',
      metadata,
      spec: { clusterName: name, replicas, selector: { matchLabels: labels }, template },
    },
  ]
}

export function poolObjects(clusterName: string, name: string, replicas: number): readonly Plain[] {
  const metadata = { name }
  const bootstrap = { configRef: refTo(k0sWorkerConfig, name) }
  const template = { spec: { clusterName, version, bootstrap, infrastructureRef: refTo(labMachinePool, name) } }
  return [
    {
      apiVersion: 'bootstrap.cluster.x-k8s.io/v1beta2',
      kind: 'K0sWorkerConfig',
      metadata,
      spec: { preInstalledK0s: true },
    },
    { apiVersion: lab, kind: 'LabMachinePool', metadata, spec: {} },
    { apiVersion: core, kind: 'MachinePool', metadata, spec: { clusterName, replicas, template } },
  ]
}
