// Snapshots for tests of the core: what a pass would have read — core
import {
  type Cluster,
  clusterSecretType,
  type K0smotronControlPlane,
  type KubeObject,
  namesOf,
} from '@k0smotron-ts/api'
import type {
  ConfigMap,
  KubeSecret,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  Service,
  StatefulSet,
} from '@k0smotron-ts/runtime'
import { hostedInput, type Snapshot } from '../controllers/k0smotroncontrolplane/snapshot.ts'
import { datastoreOf } from '../hosted/datastore/choice.ts'
import { type Datastore, purposesOf } from '../hosted/datastore/datastore.ts'
import { withFacts } from '../hosted/facts/facts.ts'
import type { Endpoint, HostedInput, KnownInfrastructure } from '../hosted/input.ts'
import type { DatastoreMembers } from '../hosted/observe.ts'
import type { Live, Observed, Purpose } from '../hosted/observed.ts'
import { listOwned } from '../hosted/owned.ts'
import { secretNameOf } from '../hosted/pki/certificate-plan.ts'
import type { TokenKey } from '../hosted/pki/token-keys.ts'
import { networkMark } from '../hosted/render/k0s/network-in-use.ts'

export type ControlPlaneSpec = K0smotronControlPlane['spec']

const namespace = 'team'
const names = namesOf('prod')

/** The control plane of Cluster `prod`, as core leaves it right after it set the owner. */
export function controlPlane(
  spec: ControlPlaneSpec,
  status: K0smotronControlPlane['status'] = {},
): K0smotronControlPlane {
  return {
    apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
    kind: 'K0smotronControlPlane',
    metadata: {
      name: 'prod-cp',
      namespace,
      uid: 'uid-of-prod-cp',
      resourceVersion: '7',
      generation: 1,
      ownerReferences: [{ apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Cluster', name: 'prod', uid: 'uid-of-prod' }],
    },
    spec,
    status,
  }
}

export const cluster: Cluster = {
  apiVersion: 'cluster.x-k8s.io/v1beta2',
  kind: 'Cluster',
  metadata: { name: 'prod', namespace, uid: 'uid-of-prod' },
  spec: {},
}

/** A Secret of the contract; the content stands for itself. */
export function secret(purpose: Purpose): KubeSecret {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: clusterSecretType,
    metadata: { name: secretNameOf(names, purpose), namespace },
    data: { 'tls.crt': base64(`certificate of ${purpose}`), 'tls.key': base64(`key of ${purpose}`) },
  }
}

const purposes = purposesOf(datastoreOf({}))
const soon = new Date('2026-09-01T00:00:00Z')
const later = new Date('2027-01-01T00:00:00Z')

/** The members stand for themselves. */
export const tokenKey: TokenKey = { use: 'sig', kty: 'EC', kid: 'id', crv: 'P-256', alg: 'ES256', x: 'x', y: 'y' }

/** Every certificate there, none at fault. */
export const certificates: Pick<Observed, 'secrets' | 'certificates'> = {
  secrets: Object.fromEntries(purposes.map(purpose => [purpose, secret(purpose)])),
  certificates: Object.fromEntries(
    purposes.map(purpose => [
      purpose,
      {
        notAfter: later,
        renewAt: soon,
        fingerprint: `fingerprint of ${purpose}`,
        ...(purpose === 'sa' && { tokenKeys: [tokenKey] }),
      },
    ]),
  ),
}

/** The main Service as the API server returns it. */
export function liveService(type: 'ClusterIP' | 'NodePort' | 'LoadBalancer', rest: Partial<Service> = {}): Service {
  const nodePorts = type === 'ClusterIP' ? [{}, {}] : [{ nodePort: 31234 }, { nodePort: 31235 }]
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: owned(names.service[type]),
    spec: {
      type,
      clusterIPs: ['10.96.7.7'],
      ports: [
        { name: 'api', port: 30443, ...nodePorts[0] },
        { name: 'konnectivity', port: 30132, ...nodePorts[1] },
      ],
    },
    ...rest,
  }
}

export const etcdService: Service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: owned(names.etcd),
  spec: { clusterIP: 'None', clusterIPs: ['None'], ipFamilies: ['IPv4'] },
}

/** The claim of a member, as it is marked: `fresh`, or the id of the member. */
export function etcdVolume(
  ordinal: number,
  member?: string,
  { directory, isGoing = false }: { readonly directory?: string; readonly isGoing?: boolean } = {},
): PersistentVolumeClaim {
  const annotations = {
    ...(member !== undefined && { 'k0smotron.io/etcd-member': member }),
    ...(directory !== undefined && { 'k0smotron.io/etcd-directory': directory }),
  }
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: `etcd-data-${names.etcd}-${ordinal}`,
      namespace,
      uid: `uid-of-volume-${ordinal}`,
      resourceVersion: `${ordinal}`,
      annotations,
      ...(isGoing && { deletionTimestamp: '2026-05-01T00:00:00Z' }),
    },
  }
}

/** The pod of a member. */
export function etcdPod(ordinal: number): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${names.etcd}-${ordinal}`,
      namespace,
      uid: `uid-of-etcd-${ordinal}`,
      labels: { cluster: 'prod', component: 'etcd' },
    },
    status: { podIP: `10.0.0.${ordinal}` },
  } as Pod
}

export function liveSet(name: string, rest: Partial<StatefulSet>): StatefulSet {
  return { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: owned(name), ...rest }
}

/** The StatefulSet of a k0s pod that runs, in a cluster with k0s's own network. */
export function livingSet(): StatefulSet {
  const set = liveSet(names.statefulSet, {
    spec: { replicas: 1 } as never,
    status: { replicas: 1, updateRevision: 'new' },
  })
  return { ...set, metadata: { ...set.metadata, annotations: networkMark({}) } }
}

/** The configuration with this hash, as the API server returns it. */
export function liveConfig(hash: string): ConfigMap {
  const metadata = owned(`${names.config}-${hash}`)
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      ...metadata,
      labels: { 'app.kubernetes.io/component': 'cluster-config', 'k0smotron.io/config': hash },
      managedFields: [{ manager: 'k0smotron-operator', operation: 'Apply', apiVersion: 'v1', fieldsV1: {} }],
    },
    data: { 'k0s.yaml': 'old' },
  }
}

/** A pod of k0s that is ready and up to date. */
export function k0sPod(status: Pod['status'], labels: Readonly<Record<string, string>> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${names.statefulSet}-0`,
      namespace,
      uid: 'uid-of-pod',
      labels: { cluster: 'prod', component: 'cluster', 'controller-revision-hash': 'new', ...labels },
      annotations: { 'k0smotron.io/k0s-version': 'v1.36.3+k0s.1' },
    },
    status,
  } as Pod
}

/** One for the pods of k0s, looked at by Kubernetes. */
export function budget(name: string, disruptionsAllowed: number): PodDisruptionBudget {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace, generation: 2 },
    spec: { selector: { matchLabels: { cluster: 'prod' } } },
    status: { observedGeneration: 2, disruptionsAllowed, currentHealthy: 1, desiredHealthy: 1, expectedPods: 2 },
  }
}

export const readyStatus = { conditions: [{ type: 'Ready', status: 'True' }] } as const

function owned(name: string): KubeObject['metadata'] {
  return {
    name,
    namespace,
    uid: `uid-of-${name}`,
    ownerReferences: [
      { apiVersion: 'x/v1', kind: 'K0smotronControlPlane', name: 'prod-cp', uid: 'uid-of-prod-cp', controller: true },
    ],
  }
}

/** What a test says about a pass; everything else is absent. */
export type Situation = Partial<Omit<Live, keyof HostedInput>> &
  Partial<Omit<Snapshot, 'hosted' | 'infrastructure'>> & {
    readonly infrastructure?: KnownInfrastructure
    readonly infrastructureEndpoint?: Endpoint
    readonly datastore?: Datastore
  }

/** A frozen snapshot of the control plane of a kind: a function that edits its input throws. */
export function snapshot(spec: ControlPlaneSpec, situation: Situation = {}): Snapshot {
  const { infrastructure, infrastructureEndpoint: endpoint, published, mayNotReadInfrastructure, ...rest } = situation
  const { controlPlane: object = controlPlane(spec), cluster: owner = cluster, ...live } = rest
  const roots = { controlPlane: object, ...(!('cluster' in situation) || situation.cluster ? { cluster: owner } : {}) }
  return deepFreeze({
    ...roots,
    ...(published && { published }),
    ...(mayNotReadInfrastructure && { mayNotReadInfrastructure }),
    hosted: withFacts({
      ...hostedInput(roots, infrastructure ?? (endpoint && { name: 'LabCluster lab', endpoint, isProvisioned: false })),
      ...nothing,
      ...live,
    }),
  })
}

/** The part of it that every kind has. */
export function observed(spec: ControlPlaneSpec, situation: Situation = {}): Observed {
  return snapshot(spec, situation).hosted
}

/** Nobody is asked, and nobody changed. */
export const noMembers: DatastoreMembers = {
  ask: () => undefined,
  stopAsking: () => undefined,
  change: () => Promise.resolve([]),
}

const nothing = {
  now: new Date('2026-05-01T00:00:00Z'),
  secrets: {},
  certificates: {},
  ...listOwned(() => []),
  ownerless: listOwned(() => []),
  pods: [],
  budgets: [],
  datastoreClaims: [],
  managerNamespace: 'k0smotron',
  configsInUse: [],
  refusedPods: [],
  nodeAddresses: [],
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    for (const part of Object.values(value)) deepFreeze(part)
    Object.freeze(value)
  }
  return value
}
