// One control plane with one etcd member, from apply to nothing — shell
import { setTimeout as delay } from 'node:timers/promises'
import { clusters, type KubeObject, k0smotronControlPlane, type ObjectKey, type ResourceType } from '@k0smotron-ts/api'
import { isEvent, isLease } from '@k0smotron-ts/hack/testenv'
import {
  configMaps,
  networkPolicies,
  persistentVolumeClaims,
  podDisruptionBudgets,
  pods,
  secrets,
  services,
  statefulSets,
} from '@k0smotron-ts/runtime'
import { untilAnswering } from '../../harness/cluster.ts'
import { variablesFor } from '../../harness/clusterctl.ts'
import { changed } from '../../harness/merge-patch.ts'
import { manifestsOf, type Stage } from '../../harness/stage.ts'
import { labCluster } from '../../lab-provider/index.ts'
import { contentOf, makeNamespace } from '../../scenarios/support/namespaces.ts'
import { watchPodEnds } from '../../scenarios/support/pod-ends.ts'
import { stopwatch } from './in-lab.ts'

/** Times are seconds. */
export interface Round {
  /** Since apply: the kubeconfig of the Secret works from outside of the pods. */
  readonly answers: number
  /** Since apply: Cluster API core may go on. */
  readonly initialized: number
  /** Our managers' until `answers`, their leases aside. */
  readonly requests: number
  readonly events: number
  /** Since delete. */
  readonly gone: number
  /** Containers that did not end by themselves when told to. */
  readonly killed: number
}

/** The volume goes too, so that nothing at all is left. */
const changes = { K0smotronControlPlane: { spec: { storage: { etcd: { autoDeletePVCs: true } } } } }

/** Makes a cluster of this name in a namespace of this name, and deletes it. */
export async function measureRound(stage: Stage, name: string): Promise<Round> {
  const key = { namespace: name, name }
  await makeNamespace(stage.kubectl, name)
  const coming = await measureComing(stage, key)
  // whoever deletes a cluster has had it for a while
  await stage.management.quiet(stage.managers.map(({ user }) => user))
  return { ...coming, ...(await measureGoing(stage, key)) }
}

async function measureComing(stage: Stage, key: ObjectKey) {
  const { management, managers, kubectl } = stage
  const users = managers.map(({ user }) => user)
  const objects = await controlPlaneAlone(stage, key)
  await management.quiet(users)
  const mark = await management.env.auditLog.mark()
  const since = stopwatch()
  await kubectl(['apply', '-f', '-'], objects.map(object => JSON.stringify(object)).join('\n---\n'))
  await using _workload = await untilAnswering(stage, key)
  const answers = since()
  const entries = await management.env.auditLog.since(mark)
  const ours = entries.filter(entry => users.includes(entry.user) && !isLease(entry))
  const isInitialized = ({ status }: Pick<ControlPlane, 'status'>) =>
    status?.initialization?.controlPlaneInitialized === true
  await management.until(k0smotronControlPlane, key, isInitialized)
  return { answers, initialized: since(), requests: ours.length, events: ours.filter(isEvent).length }
}

type ControlPlane = typeof k0smotronControlPlane extends ResourceType<infer T> ? T : never

/** Of the template for clusters with workers, what is there without workers. */
async function controlPlaneAlone(stage: Stage, { name, namespace }: ObjectKey): Promise<readonly KubeObject[]> {
  const objects = await manifestsOf(stage, variablesFor(stage, name, namespace))
  const kinds = [clusters, k0smotronControlPlane, labCluster].map(({ kind }) => kind)
  return changed(
    objects.filter(({ kind }) => kinds.includes(kind)),
    changes,
  )
}

async function measureGoing({ management, kubectl }: Stage, key: ObjectKey) {
  const { namespace = '' } = key
  const { client } = management
  const present = await objectsOf(client, namespace)
  const { ends } = await watchPodEnds(client, namespace)
  const allGone = Promise.all(present.map(({ type, key: one }) => management.untilGone(type, one)))
  const since = stopwatch()
  await client.delete(clusters, key, { propagation: 'Background' })
  await allGone
  let gone = since()
  // what we did not know of counts too; mostly there is nothing, and then the time is exact
  while ((await contentOf(kubectl, namespace)).length > 0) {
    await delay(100)
    gone = since()
  }
  const exits = Object.values(await ends).flat()
  return { gone, killed: exits.filter(code => code !== 0).length }
}

const kinds: readonly ResourceType[] = [
  clusters,
  k0smotronControlPlane,
  labCluster,
  pods,
  statefulSets,
  services,
  configMaps,
  secrets,
  networkPolicies,
  podDisruptionBudgets,
  persistentVolumeClaims,
] as readonly ResourceType[]

interface Present {
  readonly type: ResourceType
  readonly key: ObjectKey
}

/** What Kubernetes makes for every namespace aside. */
async function objectsOf(client: Stage['management']['client'], namespace: string): Promise<readonly Present[]> {
  const lists = await Promise.all(
    kinds.map(async type => ({ type, items: (await client.list(type, { namespace })).items })),
  )
  return lists
    .flatMap(({ type, items }) => items.map(({ metadata: { name = '' } }) => ({ type, key: { namespace, name } })))
    .filter(({ key }) => key.name !== 'kube-root-ca.crt')
}
