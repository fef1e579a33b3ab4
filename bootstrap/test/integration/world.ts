// What the tests of the bootstrap provider need of the world: two API servers, and someone who plays Cluster API core — shell
import { readFile } from 'node:fs/promises'
import {
  type Cluster,
  clusters,
  decodeJoinToken,
  type JoinToken,
  type K0sWorkerConfig,
  type KubeObject,
  k0sWorkerConfig,
  type Machine,
  machines,
  type ObjectKey,
  type ResourceType,
} from '@k0smotron-ts/api'
import { type BootstrapOptions, bootstrapProvider } from '@k0smotron-ts/bootstrap'
import {
  clientOf,
  type Management,
  type RunningProvider,
  type StartOptions,
  startManagement,
  startTestEnv,
  type TestEnv,
  until,
} from '@k0smotron-ts/hack/testenv'
import { type Client, type KubeSecret, secrets } from '@k0smotron-ts/runtime'
import { load } from 'js-yaml'

export interface World extends AsyncDisposable {
  /** Where everything is made. */
  readonly namespace: string
  readonly management: Management
  /** Plays every workload cluster. */
  readonly workload: TestEnv
  /** As admin of the workload cluster. */
  readonly hosted: Client
  untilHosted<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey, holds: (object?: T) => boolean): Promise<T>
}

export async function startWorld(): Promise<World> {
  const [management, workload] = await Promise.all([
    startManagement({ clusterApiKinds: true }),
    startTestEnv({ audit: true }),
  ])
  const hosted = clientOf(workload.connection)
  return {
    namespace: 'default',
    management,
    workload,
    hosted,
    untilHosted: (type, key, holds) => until(hosted, { type, key }, holds),
    [Symbol.asyncDispose]: async () => {
      await hosted.close()
      await workload.stop()
      await management[Symbol.asyncDispose]()
    },
  }
}

export const keyIn = ({ namespace }: World, name: string): ObjectKey => ({ namespace, name })

/** The provider under its own RBAC. */
export function startBootstrap(
  { management }: World,
  { transport, ...options }: StartOptions & Pick<BootstrapOptions, 'transport'> = {},
): Promise<RunningProvider> {
  const provider = bootstrapProvider(transport ? { transport } : {})
  return management.start(provider, 'k0smotron-bootstrap', options)
}

/** What a control plane provider leaves for one cluster. */
export async function clusterSecrets(
  { workload, namespace }: World,
  cluster: string,
): Promise<Record<'ca' | 'kubeconfig', KubeSecret>> {
  const kubeconfig = await readFile(workload.kubeconfig, 'utf8')
  return {
    ca: secretOf(
      `${cluster}-ca`,
      { namespace, cluster },
      { 'tls.crt': workload.connection.ca, 'tls.key': 'never read' },
    ),
    kubeconfig: secretOf(`${cluster}-kubeconfig`, { namespace, cluster }, { value: kubeconfig }),
  }
}

export function secretOf(
  name: string,
  { namespace, cluster }: { readonly namespace: string; readonly cluster: string },
  values: Readonly<Record<string, string>>,
): KubeSecret {
  const encoded = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')])
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'cluster.x-k8s.io/secret',
    metadata: { name, namespace, labels: { 'cluster.x-k8s.io/cluster-name': cluster } },
    data: Object.fromEntries(encoded),
  }
}

const clusterOf = (namespace: string, name: string): Cluster => ({
  apiVersion: 'cluster.x-k8s.io/v1beta2',
  kind: 'Cluster',
  metadata: { name, namespace },
  spec: {
    controlPlaneEndpoint: { host: '10.0.0.5', port: 30443 },
    controlPlaneRef: { apiGroup: 'controlplane.cluster.x-k8s.io', kind: 'K0smotronControlPlane', name },
  },
})

export const initialized = { status: { initialization: { controlPlaneInitialized: true } } }

export async function makeCluster(world: World, name: string, spec: object = {}): Promise<void> {
  const cluster = clusterOf(world.namespace, name)
  await world.management.client.create(clusters, { ...cluster, spec: { ...cluster.spec, ...spec } })
}

/** A cluster that works. */
export async function makeReadyCluster(world: World, name: string): Promise<void> {
  const { client } = world.management
  await makeCluster(world, name)
  const { ca, kubeconfig } = await clusterSecrets(world, name)
  await Promise.all([client.create(secrets, ca), client.create(secrets, kubeconfig)])
  await client.patchMerge(clusters, keyIn(world, name), initialized, { subresource: 'status' })
}

/** In core's order: the config, then the Machine, then the owner on the config. */
export async function makeMachine(
  world: World,
  { cluster, name, spec = {} }: { readonly cluster: string; readonly name: string; readonly spec?: object },
): Promise<Machine> {
  await makeConfig(world, { cluster, name, spec })
  const machine = await createMachine(world, { cluster, name })
  await own(world, machine)
  return machine
}

export function makeConfig(
  { management: { client }, namespace }: World,
  { cluster, name, spec = {} }: { readonly cluster: string; readonly name: string; readonly spec?: object },
): Promise<K0sWorkerConfig> {
  return client.create(k0sWorkerConfig, {
    apiVersion: 'bootstrap.cluster.x-k8s.io/v1beta2',
    kind: 'K0sWorkerConfig',
    metadata: { name, namespace, labels: { 'cluster.x-k8s.io/cluster-name': cluster } },
    spec,
  })
}

export function createMachine(
  { management: { client }, namespace }: World,
  { cluster, name, spec = {} }: { readonly cluster: string; readonly name: string; readonly spec?: object },
): Promise<Machine> {
  const configRef = { apiGroup: 'bootstrap.cluster.x-k8s.io', kind: 'K0sWorkerConfig', name }
  const infrastructureRef = { apiGroup: 'infrastructure.cluster.x-k8s.io', kind: 'LabMachine', name }
  const machine = {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Machine',
    metadata: { name, namespace },
    spec: { clusterName: cluster, version: 'v1.36.3+k0s.1', bootstrap: { configRef }, infrastructureRef, ...spec },
  }
  return client.create(machines, machine)
}

export async function own(world: World, { kind, apiVersion, metadata }: Machine): Promise<void> {
  const { name = '', uid = '' } = metadata
  const ownerReferences = [{ apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }]
  await world.management.client.patchMerge(k0sWorkerConfig, keyIn(world, name), { metadata: { ownerReferences } })
}

/** `True` or `False` and the reason, as one text. */
export function conditionOf({ status }: K0sWorkerConfig, type = 'DataSecretAvailable'): string {
  const condition = status?.conditions?.find(one => one.type === type)
  return condition ? `${condition.status} ${condition.reason}` : 'absent'
}

export function messageOf({ status }: K0sWorkerConfig): string {
  return status?.conditions?.find(({ type }) => type === 'DataSecretAvailable')?.message ?? ''
}

export function untilSaid(world: World, name: string, condition: string): Promise<K0sWorkerConfig> {
  return world.management.until(k0sWorkerConfig, keyIn(world, name), config => conditionOf(config) === condition)
}

/** The files of a Machine's bootstrap data by path. */
export async function filesOf(world: World, name: string): Promise<ReadonlyMap<string, string>> {
  const { data } = await world.management.until(secrets, keyIn(world, name), () => true)
  const document = load(text(data?.value)) as { write_files: { path: string; content: string }[] }
  return new Map(document.write_files.map(({ path, content }) => [path, content]))
}

export async function joinTokenIn(world: World, name: string): Promise<JoinToken> {
  return decodeJoinToken((await filesOf(world, name)).get('/etc/k0s.token') ?? '')
}

export function text(base64: string | undefined): string {
  return Buffer.from(base64 ?? '', 'base64').toString()
}

/** The bootstrap tokens of a config in the workload cluster, as `id.secret`. */
export async function tokensOf({ hosted }: World, name: string): Promise<readonly string[]> {
  const options = { namespace: 'kube-system', labelSelector: `k0smotron.io/worker-config=${name}` }
  const { items } = await hosted.list(secrets, options)
  return items.map(({ data }) => `${text(data?.['token-id'])}.${text(data?.['token-secret'])}`)
}
