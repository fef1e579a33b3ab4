// A cluster that works, and Machines as Cluster API core makes them — shell
import { readFile } from 'node:fs/promises'
import { clusters, k0sWorkerConfig, machines } from '@k0smotron-ts/api'
import type { TestEnv } from '@k0smotron-ts/hack/testenv'
import { type Client, type KubeSecret, secrets } from '@k0smotron-ts/runtime'
import { namespace, version } from '../fleet/control-planes.ts'

const cluster = 'prod'
const core = 'cluster.x-k8s.io/v1beta2'
const labels = { 'cluster.x-k8s.io/cluster-name': cluster }

/** `workload` plays its API server; nobody dials the endpoint. */
export async function makeReadyCluster(client: Client, workload: TestEnv): Promise<void> {
  await client.create(clusters, {
    apiVersion: core,
    kind: 'Cluster',
    metadata: { name: cluster, namespace },
    spec: {
      controlPlaneEndpoint: { host: '10.0.0.5', port: 30443 },
      controlPlaneRef: { apiGroup: 'controlplane.cluster.x-k8s.io', kind: 'K0smotronControlPlane', name: cluster },
    },
  })
  const kubeconfig = await readFile(workload.kubeconfig, 'utf8')
  await client.create(secrets, secretOf('ca', { 'tls.crt': workload.connection.ca }))
  await client.create(secrets, secretOf('kubeconfig', { value: kubeconfig }))
  const status = { initialization: { controlPlaneInitialized: true } }
  await client.patchMerge(clusters, { namespace, name: cluster }, { status }, { subresource: 'status' })
}

function secretOf(purpose: string, values: Readonly<Record<string, string>>): KubeSecret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'cluster.x-k8s.io/secret',
    metadata: { name: `${cluster}-${purpose}`, namespace, labels },
    data: Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
    ),
  }
}

/** A Machine and its config, which knows nothing of the Machine yet; gives the patch that tells it. */
export async function makeMachine(client: Client, name: string): Promise<object> {
  const metadata = { name, namespace, labels }
  const apiVersion = 'bootstrap.cluster.x-k8s.io/v1beta2'
  await client.create(k0sWorkerConfig, { apiVersion, kind: 'K0sWorkerConfig', metadata, spec: {} })
  const configRef = { apiGroup: k0sWorkerConfig.group, kind: 'K0sWorkerConfig', name }
  const infrastructureRef = { apiGroup: 'infrastructure.cluster.x-k8s.io', kind: 'LabMachine', name }
  const spec = { clusterName: cluster, version, bootstrap: { configRef }, infrastructureRef }
  const { metadata: made } = await client.create(machines, { apiVersion: core, kind: 'Machine', metadata, spec })
  const { uid = '' } = made
  const owner = { apiVersion: core, kind: 'Machine', name, uid, controller: true, blockOwnerDeletion: true }
  return { metadata: { ownerReferences: [owner] } }
}
