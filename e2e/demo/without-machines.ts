// The demo where there can be no machines: real API servers, real Cluster API, pods and machines that are only told of — shell
import { writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { k0sWorkerConfig, machines, namesOf } from '@k0smotron-ts/api'
import { providerNamespace } from '@k0smotron-ts/config'
import {
  type HostedControlPlane,
  install,
  kubectlWith,
  type Management,
  startHostedControlPlane,
  startManagement,
  until,
} from '@k0smotron-ts/hack/testenv'
import { binaries, type Progress } from '@k0smotron-ts/hack/tools'
import { secrets, statefulSets } from '@k0smotron-ts/runtime'
import { patienceMs, untilAnswering, untilCount } from '../harness/cluster.ts'
import { generateCluster } from '../harness/clusterctl.ts'
import { usualVersion } from '../harness/k0s.ts'
import { startManagers } from '../harness/managers.ts'
import { ownRights } from '../harness/proofs.ts'
import { followStory } from '../harness/story.ts'
import { labManifests, labProvider, labRights, statusOnlyMachines } from '../lab-provider/index.ts'
import type { Demo, DemoOrder } from './demo.ts'
import { kubeconfigOf } from './kubeconfig.ts'
import { nextCommands, proofLines, seconds } from './words.ts'

const key = { namespace: 'default', name: 'demo' }

const programs = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
  'clusterctl',
  'cluster-api-manager',
  'cluster-api-components.yaml',
  'kwok',
  'kwok-stages.yaml',
] as const

/** `reason`: why there are no machines. */
export async function startWithoutMachines({ kubeconfig, progress }: DemoOrder, reason: string): Promise<Demo> {
  const { say } = progress
  say(`A part of the demo only: ${reason}`)
  say('Shown: Cluster API, our providers, a workload API that answers, the bootstrap data of a worker.')
  say('Not shown: that pods run it (it runs as a process), and that a machine boots the data and joins.')
  await binaries(programs, progress)
  await using started = new AsyncDisposableStack()
  const management = started.use(await startManagement({ kwok: true, clusterApi: true }))
  const { env, client } = management
  await env.addNode('kwok-1')
  await install(client, labManifests(providerNamespace))
  started.use(await management.start(labProvider({ machines: statusOnlyMachines }), labRights.name))
  const managers = await startManagers(env, { hostedApi: 'endpoint', allowWorkloadAddresses: '127.0.0.0/8' })
  say('The management cluster runs, with Cluster API core, a node that kwok plays, and our managers')
  const story = started.use(followStory(client, key.namespace, say))
  const running = started.move()
  return {
    logs: env.dir,
    waitedFor: story.last,
    async run() {
      const appliedAt = performance.now()
      await apply(management, say)
      await using _hosted = await playPods(management)
      await using workload = await untilAnswering({ management, folder: env.dir }, key)
      say(`The control plane answers, ${seconds(performance.now() - appliedAt)} after apply`)
      await showBootstrapData(management, say)
      const rights = await ownRights({ management, managers })
      proofLines([rights]).forEach(say)
      if (!rights.holds) throw new Error('Not everything is as it should be')
      const connections = { management: env.connection, [key.name]: workload.connection }
      await writeFile(kubeconfig, kubeconfigOf(connections), { mode: 0o600 })
      const { kubectl, clusterctl } = await binaries(['kubectl', 'clusterctl'])
      return nextCommands({
        kubeconfig,
        programs: [kubectl, clusterctl].map(dirname),
        cluster: key.name,
        hasMachines: false,
      })
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

async function apply({ env }: Management, say: Progress['say']): Promise<void> {
  say('$ clusterctl generate cluster demo --from config/samples/cluster-template.yaml … | kubectl apply -f -')
  const manifests = await generateCluster({
    CLUSTER_NAME: key.name,
    NAMESPACE: key.namespace,
    KUBERNETES_VERSION: usualVersion,
    WORKER_MACHINE_COUNT: '1',
    INFRASTRUCTURE: 'Lab',
    SERVICE_TYPE: 'NodePort',
  })
  const kubectl = await kubectlWith(env.kubeconfig)
  await kubectl(['apply', '-f', '-'], manifests)
}

/** What the pods would run, from the Secrets and the configuration that they would mount. */
async function playPods({ env, client }: Management): Promise<HostedControlPlane> {
  const set = { namespace: key.namespace, name: namesOf(key.name).statefulSet }
  await until(client, { type: statefulSets, key: set, patienceMs }, found => found !== undefined)
  return startHostedControlPlane({ env, namespace: key.namespace, cluster: key.name })
}

async function showBootstrapData({ client }: Management, say: Progress['say']): Promise<void> {
  const [machine] = await untilCount(client, machines, { cluster: key, count: 1 })
  const { namespace = '', name = '' } = machine?.metadata ?? {}
  const config = await until(
    client,
    { type: k0sWorkerConfig, key: { namespace, name }, patienceMs },
    found => found?.status?.dataSecretName !== undefined,
  )
  const secret = await client.get(secrets, { namespace, name: config.status?.dataSecretName ?? '' })
  const size = Buffer.from(secret?.data?.value ?? '', 'base64').length
  say(`Secret ${config.status?.dataSecretName} has the bootstrap data: ${size} bytes of cloud-config`)
}
