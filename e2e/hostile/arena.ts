// Both managers as a release starts them, one tenant who minds his own business, and room for one who does not — shell
import { readFile } from 'node:fs/promises'
import { clusters, k0sWorkerConfig, machines } from '@k0smotron-ts/api'
import { install, type Management, startManagement, startTestEnv, type TestEnv } from '@k0smotron-ts/hack/testenv'
import { type Manager, startManagers } from '../harness/managers.ts'
import { make } from '../harness/objects.ts'
import { cluster, clusterAt, clusterSecret, configOf, machineOf, referenceTo } from './objects.ts'

export interface Arena extends AsyncDisposable {
  readonly management: Management
  readonly managers: readonly Manager[]
  /** Plays the API server of well-meaning tenants. */
  readonly workload: TestEnv
}

/** The namespace of the tenant whom attacks are not meant for. */
export const victim = 'victim'

export async function startArena(): Promise<Arena> {
  await using started = new AsyncDisposableStack()
  const [management, workload] = await Promise.all([
    startManagement({ clusterApiKinds: true, kwok: true }),
    startTestEnv({ audit: true }),
  ])
  started.use(management)
  started.use(workload)
  await management.env.addNode('node-1')
  const managers = await startManagers(management.env, {
    leaderElect: false,
    hostedApi: 'endpoint', // outside of the cluster, Services cannot be reached
    allowWorkloadAddresses: '127.0.0.0/8',
  })
  const arena = { management, managers, workload }
  await makeCluster(arena, victim)
  const running = started.move()
  return { ...arena, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

/** Ends both managers, works, and starts them where they find what was made meanwhile. */
export async function restartManagers({ managers }: Arena, work: () => Promise<unknown>): Promise<void> {
  await Promise.all(managers.map(manager => manager.stop()))
  await work()
  await Promise.all(managers.map(manager => manager.start()))
}

export async function makeNamespace({ management: { client } }: Pick<Arena, 'management'>, name: string) {
  await install(client, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }])
}

/** A cluster of the namespace that works: the well-behaved API server is its own. */
export async function makeCluster({ management, workload }: Pick<Arena, 'management' | 'workload'>, namespace: string) {
  await makeNamespace({ management }, namespace)
  const { client } = management
  const kubeconfig = await readFile(workload.kubeconfig, 'utf8')
  const { ca } = workload.connection
  await make(client, namespace, [
    clusterAt({ host: '10.0.0.5', port: 30443 }), // nobody dials it: machines would
    clusterSecret('ca', { 'tls.crt': ca }),
    clusterSecret('kubeconfig', { value: kubeconfig }),
  ])
  await initialize(management, namespace)
}

/** As Cluster API core says that machines may come. */
export async function initialize({ client }: Management, namespace: string, name = cluster): Promise<void> {
  const status = { initialization: { controlPlaneInitialized: true } }
  await client.patchMerge(clusters, { namespace, name }, { status }, { subresource: 'status' })
}

/** In the order of Cluster API core; resolves when the config has its owner. */
export async function makeMachine(
  { client }: Management,
  namespace: string,
  name: string,
  { spec, of }: { readonly spec?: object; readonly of?: string } = {},
) {
  await make(client, namespace, [configOf(name, spec, of), machineOf(name, of)])
  const machine = await client.get(machines, { namespace, name })
  if (!machine) throw new Error('the Machine is gone')
  const metadata = { ownerReferences: [referenceTo(machine)] }
  await client.patchMerge(k0sWorkerConfig, { namespace, name }, { metadata })
}
