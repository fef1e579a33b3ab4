// The demo with real pods and a real machine — shell
import { writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { binaries } from '@k0smotron-ts/hack/tools'
import { applyCluster, untilAnswering, untilJoined } from '../harness/cluster.ts'
import { proofsOf } from '../harness/proofs.ts'
import { realK0sNeeds } from '../harness/real-k0s.ts'
import { startStage } from '../harness/stage.ts'
import { followStory } from '../harness/story.ts'
import type { Demo, DemoOrder } from './demo.ts'
import { kubeconfigOf } from './kubeconfig.ts'
import { aboutStandIn, nextCommands, proofLines, seconds } from './words.ts'

const key = { namespace: 'default', name: 'demo' }

/** Resolves when the management cluster is there and a cluster can be made. */
export async function startInLab({ name, kubeconfig, progress }: DemoOrder): Promise<Demo> {
  const { say } = progress
  const onStep = (step: string, ms: number): void => say(`${stepWords[step] ?? step} (${seconds(ms)})`)
  const stage = await startStage({ name, progress, onStep })
  const { management, k0s, managers, lab } = stage
  for (const { provider, user } of managers) say(`  ${provider} provider, a process of its own, as ${user}`)
  const story = followStory(management.client, key.namespace, say)
  return {
    logs: lab.env.dir,
    waitedFor: story.last,
    async run() {
      say(`Workers and control plane run ${k0s.title}`)
      say('$ clusterctl generate cluster demo --from config/samples/cluster-template.yaml … | kubectl apply -f -')
      const appliedAt = performance.now()
      await applyCluster(stage, key)
      await using workload = await untilAnswering(stage, key)
      say(`The control plane answers, ${seconds(performance.now() - appliedAt)} after apply`)
      const [joined] = await untilJoined(stage, workload, { cluster: key })
      if (!joined) throw new Error('No machine joined')
      say(`Node ${joined.node.metadata.name} is Ready, ${seconds(performance.now() - appliedAt)} after apply`)
      const proofs = await proofsOf({ stage, workload, ...joined, say })
      proofLines(proofs).forEach(say)
      if (proofs.some(({ holds }) => !holds)) throw new Error('Not everything is as it should be')
      if (!k0s.isReal) aboutStandIn(k0s.title, realK0sNeeds).forEach(say)
      const connections = { management: lab.env.connection, [key.name]: workload.connection }
      await writeFile(kubeconfig, kubeconfigOf(connections), { mode: 0o600 })
      const { kubectl, clusterctl } = await binaries(['kubectl', 'clusterctl'])
      return nextCommands({
        kubeconfig,
        programs: [kubectl, clusterctl].map(dirname),
        cluster: key.name,
        hasMachines: true,
      })
    },
    async [Symbol.asyncDispose]() {
      await story[Symbol.asyncDispose]()
      await stage[Symbol.asyncDispose]()
    },
  }
}

const stepWords: Readonly<Record<string, string>> = {
  programs: 'Programs are there',
  images: 'Images are packed',
  lab: 'The management cluster runs on node-1, with Cluster API core',
  'kinds and rights': 'CRDs and RBAC of the providers are installed',
  'infrastructure provider': 'The lab infrastructure provider runs',
  managers: 'The managers run',
}
