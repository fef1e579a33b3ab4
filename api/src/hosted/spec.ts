// The spec that K0smotronControlPlane and its template share — core
import type { TObject } from 'typebox'
import {
  choice,
  flag,
  integer,
  listMapOf,
  listOf,
  optional,
  preserved,
  type Rule,
  record,
  text,
} from '../schema/fields.ts'
import { copiedMetadata, endpoint, host, objectName, resources } from '../schema/shared-fields.ts'
import type { ValueOf } from '../schema/value.ts'
import { certificates } from './certificates.ts'
import { ingress, service } from './service.ts'
import { persistence, storage } from './storage.ts'

const kubeconfigRef = record(
  {
    name: objectName('name is the name of the Secret.'),
    namespace: objectName('namespace is the namespace of the Secret.'),
    key: optional(
      text({ description: 'key is the key in the Secret; defaults to value.', minLength: 1, maxLength: 253 }),
    ),
  },
  { description: 'kubeconfigRef names the Secret with the kubeconfig of the hosting cluster.' },
)

/** Secrets that k0smotron wrote into specs; read as: this certificate comes from that Secret. */
const certificateRef = record(
  {
    type: choice(['ca', 'sa', 'proxy', 'etcd', 'apiserver-etcd-client', 'etcd-peer', 'etcd-server'], {
      description: 'type says which certificate the Secret holds.',
    }),
    name: optional(objectName('name is the name of the Secret; defaults to <cluster>-<type>.')),
  },
  { description: 'A Secret with the keys tls.crt and tls.key.' },
)

const volumeSource = { description: 'A volume: name and one volume source of core/v1.' }

const mount = preserved(
  {
    path: text({
      description: 'path is where the volume is mounted in the k0s container.',
      minLength: 1,
      maxLength: 4096,
    }),
    readOnly: optional(flag({ description: 'readOnly makes the mount read-only; ConfigMaps and Secrets always are.' })),
  },
  { description: 'A mount: path, readOnly and one volume source of core/v1.' },
)

const monitoring = record(
  {
    enabled: optional(flag({ description: 'enabled turns the metrics sidecars on.' })),
    prometheusImage: optional(
      text({ description: 'prometheusImage is the image of the sidecar that scrapes metrics.', maxLength: 512 }),
    ),
    proxyImage: optional(
      text({ description: 'proxyImage is the image of the sidecar that serves the metrics.', maxLength: 512 }),
    ),
  },
  { description: 'monitoring configures metrics sidecars beside k0s.' },
)

const spreadConstraint = preserved(
  {
    maxSkew: integer({ description: 'maxSkew is how many more pods one domain may have than another.', minimum: 1 }),
    topologyKey: text({
      description: 'topologyKey is the node label whose values are the domains.',
      minLength: 1,
      maxLength: 317,
    }),
    whenUnsatisfiable: choice(['DoNotSchedule', 'ScheduleAnyway'], {
      description:
        'whenUnsatisfiable says what happens to a pod that no node can take without breaking the constraint.',
    }),
  },
  { description: 'A TopologySpreadConstraint of core/v1.' },
)

const patch = record(
  {
    target: record(
      {
        kind: text({ description: 'kind selects objects by their kind.', minLength: 1, maxLength: 63 }),
        component: text({
          description: 'component selects objects by the value of their label app.kubernetes.io/component.',
          maxLength: 63,
        }),
      },
      { description: 'target selects the objects to patch.' },
    ),
    patch: record(
      {
        type: choice(['json', 'strategic', 'merge'], { description: 'type is the format of the patch.' }),
        content: text({ description: 'content is the patch as YAML or JSON.', minLength: 1, maxLength: 65536 }),
      },
      { description: 'patch is the change.' },
    ),
  },
  { description: 'A patch and the generated objects that it changes.' },
)

/** The fields of the shared spec; a kind may add its own. `replicas` differs between kinds. */
export const hostedFields = {
  remoteHostCluster: optional(
    record(
      { kubeconfigRef: optional(kubeconfigRef) },
      {
        description:
          'remoteHostCluster is the cluster that runs the control plane pods; defaults to the management cluster.',
      },
    ),
  ),
  image: optional(
    text({
      description:
        'image is the k0s image: a repository without tag (the tag comes from version), or a reference with a digest, which is used as it is. Defaults to quay.io/k0sproject/k0s, also when empty.',
      maxLength: 512,
      rules: [
        {
          rule: "self.contains('@') || !self.matches(':[^/]*$')",
          message: 'must have no tag: it comes from spec.version; pin with a digest (name@sha256:…) instead',
        },
      ],
    }),
  ),
  serviceAccount: optional(
    text({ description: 'serviceAccount is the service account of the k0s and etcd pods.', maxLength: 253 }),
  ),
  version: optional(text({ description: 'version is the k0s version, such as v1.36.3+k0s.1.', maxLength: 64 })),
  externalAddress: optional(
    host(
      'externalAddress is the host name or IP address, without port, at which clients and workers reach the control plane.',
    ),
  ),
  ingress: optional(ingress),
  service: optional(service),
  persistence: optional(persistence),
  storage: optional(storage),
  k0sConfig: optional(
    preserved(
      {},
      {
        description: 'k0sConfig is a k0s ClusterConfig. Fields that a hosted control plane depends on are overridden.',
      },
    ),
  ),
  certificates: optional(certificates),
  certificateRefs: optional(
    listMapOf(['type'], certificateRef, {
      description:
        'certificateRefs name Secrets with certificates of your own; certificates that are not named are generated.',
      maxItems: 16,
    }),
  ),
  manifests: optional(
    listMapOf(
      ['name'],
      preserved(
        { name: text({ description: 'name is the name of the volume.', minLength: 1, maxLength: 63 }) },
        volumeSource,
      ),
      {
        description:
          'manifests are volumes with manifests that k0s applies in the workload cluster, one k0s stack for each volume.',
      },
    ),
  ),
  mounts: optional(listOf(mount, { description: 'mounts are additional volumes of the k0s container.' })),
  controlPlaneFlags: optional(
    listOf(text({ description: 'A flag such as --disable-components=metrics-server.', minLength: 1 }), {
      description: 'controlPlaneFlags are additional flags of the command k0s controller.',
    }),
  ),
  monitoring: optional(monitoring),
  topologySpreadConstraints: optional(
    listOf(spreadConstraint, {
      description: 'topologySpreadConstraints spread the k0s pods and the etcd pods over nodes or zones.',
      maxItems: 16,
    }),
  ),
  resources: optional(resources('resources are the requests and limits of the k0s container.')),
  kubeconfigSecretMetadata: optional(
    copiedMetadata('kubeconfigSecretMetadata is added to the metadata of the kubeconfig Secret only.'),
  ),
  patches: optional(listOf(patch, { description: 'patches change generated objects before they are applied.' })),
}

/** The number of k0s pods. Only the default differs between kinds: the template has none, or topology would fight it. */
export const replicas = (options: { readonly default?: number }) =>
  integer({ description: 'replicas is the number of control plane pods.', minimum: 0, maximum: 99, ...options })

/** What every kind says about a hosted control plane; each adds what is its own. */
export type HostedSpec = ValueOf<TObject<typeof hostedFields>> & { readonly replicas?: number }

/** Ours to fill while it is empty, once and before the control plane is initialized; core copies it to the Cluster then. */
export const controlPlaneEndpoint = endpoint(
  "controlPlaneEndpoint is the address of the API server for clients and workers. When absent, it is filled from externalAddress, the Cluster's endpoint, or the Service.",
)

const storageType = (self: string) =>
  `(has(${self}.storage) && has(${self}.storage.type) ? ${self}.storage.type : 'etcd')`

/** Rules on the whole spec, with effective values: a field that appears or disappears is seen like one that changes. */
export const hostedRules: readonly Rule[] = [
  {
    rule: `${storageType('self')} == ${storageType('oldSelf')}`,
    message:
      'storage.type cannot change: the data would stay in the old datastore; make a new control plane for another one',
    fieldPath: '.storage.type',
  },
]
