import { join } from 'node:path'
import { decodeBase64, encodeBase64, type KubeObject, namesOf } from '@k0smotron-ts/api'
import type { KubeSecret } from '@k0smotron-ts/runtime'
import { dump } from 'js-yaml'
import { expect, it } from 'vitest'
import {
  type ControlPlaneSpec,
  certificates,
  cluster,
  etcdService,
  etcdVolume,
  liveService,
  liveSet,
  observed,
  type Situation,
} from '../../testing/observed.ts'
import { render } from '../phases.ts'

const names = namesOf('prod')
const version = 'v1.36.3+k0s.1'
const ready: Situation = { ...certificates, services: [liveService('ClusterIP'), etcdService] }

/** [the user's situation, spec, what is there already] */
const scenarios: readonly (readonly [string, ControlPlaneSpec, Situation])[] = [
  ['first-pass', { version }, {}],
  ['cluster-ip', { version }, ready],
  ['older-k0s', { version: 'v1.35.4-k0s.0' }, ready],
  [
    'node-port-with-allocated-ports',
    { version, service: { type: 'NodePort' } },
    { ...certificates, services: [liveService('NodePort'), etcdService], nodeAddresses: ['192.0.2.10'] },
  ],
  [
    'load-balancer-on-443',
    { version, service: { type: 'LoadBalancer', apiPort: 443 } },
    {
      ...certificates,
      services: [
        liveService('LoadBalancer', { status: { loadBalancer: { ingress: [{ hostname: 'prod.example.com' }] } } }),
        etcdService,
      ],
    },
  ],
  [
    'all-that-a-user-can-tune',
    {
      version,
      image: 'registry.example:5000/k0s',
      serviceAccount: 'pods',
      externalAddress: 'api.example.com',
      service: { type: 'LoadBalancer', apiPort: 6443, konnectivityPort: 8132 },
      controlPlaneFlags: ['--disable-components=metrics-server'],
      resources: { requests: { cpu: '1000m', memory: '1024Mi' } },
      topologySpreadConstraints: [
        { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule' },
      ],
      storage: {
        type: 'etcd',
        etcd: {
          image: 'registry.example/etcd:v3.6.1',
          autoDeletePVCs: true,
          persistence: { size: '2048Mi', storageClass: 'fast' },
          resources: { limits: { memory: '1Gi' } },
        },
      },
      k0sConfig: {
        spec: {
          api: { sans: ['api.internal'], extraArgs: { 'oidc-issuer-url': 'https://id.example.com' } },
          network: { provider: 'calico', podCIDR: '10.10.0.0/16' },
          scheduler: { extraArgs: { 'leader-elect': 'true' } },
        },
      },
    },
    {
      ...certificates,
      services: [liveService('LoadBalancer'), etcdService],
      cluster: {
        ...cluster,
        spec: {
          clusterNetwork: {
            pods: { cidrBlocks: ['10.244.0.0/16', 'fd00:1::/64'] },
            services: { cidrBlocks: ['10.96.0.0/12', 'fd00:2::/112'] },
            serviceDomain: 'prod.local',
          },
        },
      },
    },
  ],
  [
    'formed-datastore',
    { version, image: `registry.example/k0s@sha256:${'a'.repeat(64)}` },
    {
      ...ready,
      statefulSets: [liveSet(names.etcd, { status: { replicas: 1, readyReplicas: 1 } })],
    },
  ],
  [
    'database-from-a-secret',
    { version, storage: { type: 'kine', kine: { dataSourceSecretName: 'db' } } },
    {
      ...ready,
      services: [liveService('ClusterIP')],
      dataSourceSecret: {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'db' },
        data: { K0SMOTRON_KINE_DATASOURCE_URL: encodeBase64('postgres://k0s:example@db.example:5432/prod') },
      },
    },
  ],
  [
    'three-replicas-on-a-database',
    {
      version,
      replicas: 3,
      storage: { type: 'kine', kine: { dataSourceURL: 'postgres://k0s:example@db.example:5432/prod' } },
    },
    { ...ready, services: [liveService('ClusterIP')] },
  ],
  [
    'own-issuer',
    {
      version,
      k0sConfig: { spec: { api: { extraArgs: { 'service-account-issuer': 'https://id.example.com/prod' } } } },
    },
    { ...ready, workloadAPI: { ready: true, message: '' } },
  ],
  [
    'second-member-joins',
    { version, replicas: 3 },
    {
      ...ready,
      statefulSets: [
        liveSet(names.etcd, { spec: { replicas: 1 } as never, status: { replicas: 1, readyReplicas: 1 } }),
      ],
      datastoreClaims: [etcdVolume(0, '17', { directory: 'root' }), etcdVolume(1, '18')],
      datastoreMembers: {
        members: [
          { id: '17', ordinal: 0, isVoter: true, isStarted: true },
          { id: '18', ordinal: 1, isVoter: false, isStarted: false },
        ],
        answers: new Map([[0, { id: '17', isLeader: true, isInSync: true }]]),
      },
    },
  ],
  [
    'ipv6-hosting',
    { version },
    {
      ...ready,
      services: [
        liveService('ClusterIP', { spec: { clusterIPs: ['fd00::7'], ports: [] } }),
        { ...etcdService, spec: { ipFamilies: ['IPv6'] } },
      ],
    },
  ],
]

/** What a Secret holds, as text. */
function readable(object: KubeObject): KubeObject {
  if (object.kind !== 'Secret') return object
  const { data = {}, ...rest } = object as KubeSecret
  const texts = Object.entries(data).map(([key, value]) => [key, decodeBase64(value)])
  return { ...rest, data: Object.fromEntries(texts) } as KubeObject
}

it.each(scenarios)('%s', async (name, spec, rest) => {
  const snapshot = observed(spec, rest)
  const outcomes = render(snapshot)
  const document = {
    conditions: outcomes.flatMap(({ conditions }) =>
      conditions.map(({ type, status, reason, message }) => `${type}=${status} ${reason}${message && `: ${message}`}`),
    ),
    objects: outcomes.flatMap(({ objects }) => objects.map(readable)),
  }
  expect(render(snapshot)).toEqual(outcomes)
  const text = dump(document, { lineWidth: -1, noRefs: true })
  await expect(text).toMatchFileSnapshot(join(import.meta.dirname, '__golden__', `${name}.yaml`))
})
