// Snapshots for tests of the core: what a pass would have read — core
import {
  type Cluster,
  clusterSecretType,
  type K0sWorkerConfig,
  type KubeObject,
  type Machine,
  type MachinePool,
  type OwnerReference,
} from '@k0smotron-ts/api'
import type { KubeSecret } from '@k0smotron-ts/runtime'
import type { Observed } from '../controllers/k0sworkerconfig/observed.ts'

const namespace = 'team'
const core = 'cluster.x-k8s.io/v1beta2'

/** The owner as Cluster API core writes it. */
export function ownedBy(kind: string, name: string): OwnerReference {
  return { apiVersion: core, kind, name, uid: `uid-of-${name}`, controller: true }
}

export function workerConfig(
  spec: K0sWorkerConfig['spec'],
  status: K0sWorkerConfig['status'] = {},
  metadata: KubeObject['metadata'] = {},
): K0sWorkerConfig {
  return {
    apiVersion: 'bootstrap.cluster.x-k8s.io/v1beta2',
    kind: 'K0sWorkerConfig',
    metadata: {
      name: 'm1',
      namespace,
      uid: 'uid-of-config',
      generation: 1,
      labels: { 'cluster.x-k8s.io/cluster-name': 'prod' },
      ownerReferences: [ownedBy('Machine', 'm1')],
      ...metadata,
    },
    spec,
    status,
  }
}

export function machineOf(spec: Partial<Machine['spec']> = {}, rest: Partial<Machine> = {}): Machine {
  return {
    apiVersion: core,
    kind: 'Machine',
    metadata: { name: 'm1', namespace, uid: 'uid-of-m1' },
    spec: { clusterName: 'prod', version: 'v1.36.3', ...spec },
    ...rest,
  }
}

export const machinePool: MachinePool = {
  apiVersion: core,
  kind: 'MachinePool',
  metadata: { name: 'p1', namespace, uid: 'uid-of-p1' },
  spec: { clusterName: 'prod', template: { spec: { clusterName: 'prod', version: 'v1.36.3' } } },
}

export const cluster: Cluster = {
  apiVersion: core,
  kind: 'Cluster',
  metadata: { name: 'prod', namespace, uid: 'uid-of-prod' },
  spec: { controlPlaneEndpoint: { host: '10.0.0.5', port: 30443 } },
  status: { initialization: { controlPlaneInitialized: true } },
}

export function secret(name: string, values: Readonly<Record<string, string>>, owner = 'uid-of-config'): KubeSecret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: clusterSecretType,
    metadata: {
      name,
      namespace,
      uid: `uid-of-${name}`,
      resourceVersion: '7',
      ...(owner !== '' && {
        ownerReferences: [{ apiVersion: 'x/v1', kind: 'K0sWorkerConfig', name: 'm1', uid: owner, controller: true }],
      }),
    },
    data: Object.fromEntries(Object.entries(values).map(([key, text]) => [key, Buffer.from(text).toString('base64')])),
  }
}

export const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'

export const secrets: Observed['secrets'] = {
  certificateAuthority: secret('prod-ca', { 'tls.crt': certificate }, ''),
  kubeconfig: secret('prod-kubeconfig', { value: 'a kubeconfig' }, ''),
}

export const joinToken: KubeSecret = secret('m1-join-token', {
  'token-id': 'abcdef',
  'token-secret': '0123456789abcdef',
})

export const bootstrapData: KubeSecret = secret('m1', { value: '#cloud-config' })

/** A Machine that could have its data by now; frozen, so that a renderer that edits its input throws. */
export function observed(spec: K0sWorkerConfig['spec'] = {}, rest: Partial<Observed> = {}): Observed {
  return deepFreeze({
    now: new Date('2026-05-01T00:00:00Z'),
    config: workerConfig(spec),
    machine: machineOf(),
    cluster,
    secrets,
    ...rest,
  })
}

/** The snapshot without one of its parts. */
export function without(snapshot: Observed, part: keyof Observed): Observed {
  const { [part]: _, ...rest } = snapshot
  return rest as Observed
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value) && !ArrayBuffer.isView(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFreeze(part)
  }
  return value
}
