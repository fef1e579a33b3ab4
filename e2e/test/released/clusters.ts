// The clusters that a release is remembered by: a sample, one with much set, one without a spec, one with workers — core
import {
  type JoinTokenRequest,
  type K0smotronCluster,
  type K0sWorkerConfig,
  type KubeObject,
  k0sWorkerConfig,
} from '@k0smotron-ts/api'
import { type Plain, refTo, version } from '../../harness/objects.ts'
import { labMachine } from '../../lab-provider/index.ts'
import { clusterObjects, poolObjects } from '../integration/cluster.ts'

/** Nothing else listens here. The keys of whoever answers there are in the set. */
const published = '127.83.7.1'
const unanswered = '127.83.7.2'
const withoutClusterAPI = '127.83.7.3'

export const answering = {
  name: 'answering',
  /** Its node has joined. */
  deployment: 'answering',
  /** These two wait for theirs. */
  machine: 'tuned',
  pool: 'pool',
} as const

export function answeringObjects(): readonly Plain[] {
  const { name, pool } = answering
  return [
    ...clusterObjects({
      name,
      controlPlane: { externalAddress: published, service: { type: 'ClusterIP', apiPort: 31_643 } },
      infrastructure: { waitFor: 'ClusterEndpoint' },
    }),
    ...poolObjects(name, pool, 2),
  ]
}

const workerSpec: K0sWorkerConfig['spec'] = {
  version,
  k0sInstallDir: '/opt/k0s',
  workingDir: '/var/k0s',
  downloadURL: 'https://k0s.example.com',
  useSystemHostname: true,
  args: ['--labels=zone=a', '--taints=dedicated=db:NoSchedule', '--kubelet-extra-args=--max-pods=50'],
  files: [
    { path: '/etc/motd', content: 'yes: 12:30:45\n# "quoted" $HOME\n', permissions: '0644' },
    { path: '/etc/given', contentFrom: { configMapRef: { name: 'given', key: 'text' } } },
  ],
  preK0sCommands: ['sysctl -w vm.max_map_count=262144', '-modprobe nonsense'],
  postK0sCommands: ['echo joined'],
  secretMetadata: { labels: { team: 'a' }, annotations: { 'example.com/why': 'kept' } },
}

/** A Machine of nobody's set, as a pet is made. */
export function tunedMachine(): readonly Plain[] {
  const { name: clusterName, machine: name } = answering
  const infrastructureRef = refTo(labMachine, name)
  return [
    { apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2', kind: 'LabMachine', metadata: { name }, spec: {} },
    { apiVersion: 'bootstrap.cluster.x-k8s.io/v1beta2', kind: 'K0sWorkerConfig', metadata: { name }, spec: workerSpec },
    {
      apiVersion: 'cluster.x-k8s.io/v1beta2',
      kind: 'Machine',
      metadata: { name },
      spec: { clusterName, version, bootstrap: { configRef: refTo(k0sWorkerConfig, name) }, infrastructureRef },
    },
  ]
}

const stack = { name: 'stack', configMap: { name: 'given' } }

/** Three members, and what its user can tune without a fault. */
export function tunedObjects(name: string): readonly Plain[] {
  const [cluster, controlPlane] = clusterObjects({
    name,
    controlPlane: {
      replicas: 3,
      image: 'registry.example:5000/k0s',
      serviceAccount: 'default',
      externalAddress: unanswered,
      service: { type: 'LoadBalancer', apiPort: 6443, konnectivityPort: 8133 },
      controlPlaneFlags: ['--disable-components=metrics-server'],
      resources: { requests: { cpu: '1000m', memory: '1024Mi' }, limits: { memory: '2Gi' } },
      topologySpreadConstraints: [
        { maxSkew: 2, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' },
      ],
      kubeconfigSecretMetadata: { labels: { team: 'a' } },
      storage: {
        type: 'etcd',
        etcd: {
          image: 'registry.example/etcd:v3.6.1',
          autoDeletePVCs: true,
          persistence: { size: '2048Mi', storageClass: 'kwok-volume' },
          resources: { limits: { memory: '1Gi' } },
        },
      },
      manifests: [stack],
      k0sConfig: {
        spec: {
          api: { sans: ['api.internal'], extraArgs: { 'oidc-issuer-url': 'https://id.example.com' } },
          network: { provider: 'calico', podCIDR: '10.10.0.0/16' },
          scheduler: { extraArgs: { 'leader-elect': 'true' } },
        },
      },
    },
  })
  return [cluster, controlPlane].filter(object => object !== undefined)
}

/** As in the README of everybody's first cluster. */
export const bare: K0smotronCluster = {
  apiVersion: 'k0smotron.io/v1beta2',
  kind: 'Cluster',
  metadata: { name: 'bare' },
  spec: {},
}

/** One that answers, and the token with which machines of one's own join it. */
export const standalone: K0smotronCluster = {
  ...bare,
  metadata: { name: 'standalone' },
  spec: { externalAddress: withoutClusterAPI, service: { type: 'ClusterIP', apiPort: 31_644 } },
}

export const token: JoinTokenRequest = {
  apiVersion: bare.apiVersion,
  kind: 'JoinTokenRequest',
  metadata: { name: 'worker' },
  spec: { clusterName: 'standalone', expiry: '24h' },
}

export const given: KubeObject & { readonly data: Readonly<Record<string, string>> } = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'given' },
  data: { text: 'from a ConfigMap\n', 'stack.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: given\n' },
}
