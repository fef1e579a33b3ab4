// A cluster and its machines, as their owner and Cluster API core leave them — shell
import { clusters, type KubeObject, k0smotronControlPlane, k0sWorkerConfig, machines } from '@k0smotron-ts/api'
import { type Plain, refTo, version } from '../harness/objects.ts'
import { labMachine } from '../lab-provider/index.ts'

/** In every namespace; where one has several, the first. */
export const cluster = 'c'

const labelsOf = (name: string) => ({ 'cluster.x-k8s.io/cluster-name': name })

export interface Endpoint {
  readonly host: string
  readonly port: number
}

export function clusterAt(controlPlaneEndpoint: Endpoint, name = cluster): Plain {
  const spec = { controlPlaneRef: refTo(k0smotronControlPlane, name), controlPlaneEndpoint }
  return { apiVersion: apiVersionOf(clusters), kind: 'Cluster', metadata: { name }, spec }
}

/** Published at that address; without a host, wherever the Cluster says. */
export function controlPlaneAt({ host, port }: Partial<Endpoint>, owner: KubeObject): Plain {
  const { name = cluster } = owner.metadata
  return {
    apiVersion: apiVersionOf(k0smotronControlPlane),
    kind: 'K0smotronControlPlane',
    metadata: { name, labels: labelsOf(name), ownerReferences: [referenceTo(owner)] },
    spec: { version, ...(host && { externalAddress: host }), service: { type: 'ClusterIP', apiPort: port } },
  }
}

/** `<cluster>-<purpose>`, as control plane providers and users leave it. */
export function clusterSecret(purpose: string, values: Readonly<Record<string, string>>, of = cluster): Plain {
  const encoded = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')])
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'cluster.x-k8s.io/secret',
    metadata: { name: `${of}-${purpose}`, labels: labelsOf(of) },
    data: Object.fromEntries(encoded),
  } as Plain
}

export function configOf(name: string, spec: object = {}, of = cluster): Plain {
  const metadata = { name, labels: labelsOf(of) }
  return { apiVersion: apiVersionOf(k0sWorkerConfig), kind: 'K0sWorkerConfig', metadata, spec }
}

/** With an ID from its infrastructure, so that its node is looked for. */
export function machineOf(name: string, of = cluster): Plain {
  const spec = {
    clusterName: of,
    version,
    providerID: `lab://${name}`,
    bootstrap: { configRef: refTo(k0sWorkerConfig, name) },
    infrastructureRef: refTo(labMachine, name),
  }
  return { apiVersion: apiVersionOf(machines), kind: 'Machine', metadata: { name, labels: labelsOf(of) }, spec }
}

export function referenceTo({ apiVersion, kind, metadata: { name = '', uid = '' } }: KubeObject) {
  return { apiVersion, kind, name, uid, controller: true }
}

function apiVersionOf({ group, version: served }: { readonly group: string; readonly version: string }): string {
  return `${group}/${served}`
}
