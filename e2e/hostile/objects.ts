// A cluster and its machines, as their owner and Cluster API core leave them — shell
import { clusters, type KubeObject, k0smotronControlPlane, k0sWorkerConfig, machines } from '@k0smotron-ts/api'
import { type Plain, refTo, version } from '../harness/objects.ts'
import { labMachine } from '../lab-provider/index.ts'

/** In every namespace. */
export const cluster = 'c'
export const labels = { 'cluster.x-k8s.io/cluster-name': cluster }

export interface Endpoint {
  readonly host: string
  readonly port: number
}

export function clusterAt(controlPlaneEndpoint: Endpoint): Plain {
  const spec = { controlPlaneRef: refTo(k0smotronControlPlane, cluster), controlPlaneEndpoint }
  return { apiVersion: apiVersionOf(clusters), kind: 'Cluster', metadata: { name: cluster }, spec }
}

/** Published at that address; without a host, wherever the Cluster says. */
export function controlPlaneAt({ host, port }: Partial<Endpoint>, owner: KubeObject): Plain {
  return {
    apiVersion: apiVersionOf(k0smotronControlPlane),
    kind: 'K0smotronControlPlane',
    metadata: { name: cluster, labels, ownerReferences: [referenceTo(owner)] },
    spec: { version, ...(host && { externalAddress: host }), service: { type: 'ClusterIP', apiPort: port } },
  }
}

/** `<cluster>-<purpose>`, as control plane providers and users leave it. */
export function clusterSecret(purpose: string, values: Readonly<Record<string, string>>): Plain {
  const encoded = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')])
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'cluster.x-k8s.io/secret',
    metadata: { name: `${cluster}-${purpose}`, labels },
    data: Object.fromEntries(encoded),
  } as Plain
}

export function configOf(name: string, spec: object = {}): Plain {
  return { apiVersion: apiVersionOf(k0sWorkerConfig), kind: 'K0sWorkerConfig', metadata: { name, labels }, spec }
}

/** With an ID from its infrastructure, so that its node is looked for. */
export function machineOf(name: string): Plain {
  const spec = {
    clusterName: cluster,
    version,
    providerID: `lab://${name}`,
    bootstrap: { configRef: refTo(k0sWorkerConfig, name) },
    infrastructureRef: refTo(labMachine, name),
  }
  return { apiVersion: apiVersionOf(machines), kind: 'Machine', metadata: { name, labels }, spec }
}

export function referenceTo({ apiVersion, kind, metadata: { name = '', uid = '' } }: KubeObject) {
  return { apiVersion, kind, name, uid, controller: true }
}

function apiVersionOf({ group, version: served }: { readonly group: string; readonly version: string }): string {
  return `${group}/${served}`
}
