// Reads everything there is of one control plane, whatever its kind — shell
import { namesOf, type ObjectKey } from '@k0smotron-ts/api'
import {
  type Applied,
  controllerRevisions,
  events,
  nodes,
  persistentVolumeClaims,
  podDisruptionBudgets,
  pods,
  type Reader,
  type Shell,
  secrets,
  type WorkloadAnswer,
} from '@k0smotron-ts/runtime'
import { purposesOf } from './datastore/datastore.ts'
import { mayWaitForBudget } from './facts/budgets.ts'
import { namedObjects, withFacts } from './facts/facts.ts'
import { isHibernating } from './facts/hibernation.ts'
import { nodeAddresses } from './facts/node-addresses.ts'
import { isWorthProbing } from './facts/reachability.ts'
import { scheduledAt } from './facts/sleep.ts'
import { configLabel } from './identity.ts'
import type { HostedInput } from './input.ts'
import type { Live, Observed } from './observed.ts'
import { listOwned } from './owned.ts'
import { secretNameOf } from './pki/certificate-plan.ts'
import type { ReadFacts } from './pki/secret-facts.ts'
import { anyCluster, namespaced } from './wakes/indexes.ts'

/** What does not come out of the cache. */
export interface HostedDeps {
  /** The last answer of the workload API; asking goes on until `stopAsking`. */
  readonly askWorkloadAPI: (observed: Observed) => WorkloadAnswer | undefined
  readonly stopAsking: (key: ObjectKey) => void
  readonly readFacts: ReadFacts
  readonly members: DatastoreMembers
  /** The namespace of the manager. */
  readonly namespace: string
}

/** The members of datastores, asked and changed beside passes. */
export interface DatastoreMembers {
  /** What they said last; asking goes on until `stopAsking`. */
  readonly ask: (observed: Observed) => Observed['datastoreMembers']
  readonly stopAsking: (key: ObjectKey) => void
  /** The next change of who they are, if there is one, and if it is still the next one when they are asked again. */
  readonly change: (observed: Observed, shell: Shell) => Promise<readonly Applied[]>
}

export async function observeHosted(input: HostedInput, shell: Shell, deps: HostedDeps): Promise<Observed> {
  const dataSourceSecret = await dataSourceSecretOf(input, shell)
  const live = { ...liveOf(input, shell, deps), ...(dataSourceSecret && { dataSourceSecret }) }
  const named = namedObjects(live)
  const known = withFacts({ ...live, ...deps.readFacts({ ...live, ...named }) })
  const name = known.datastore.unusedVolume(known)
  const key = name === undefined ? undefined : { namespace: input.owner.namespace, name }
  // watched for as long as it is asked for: a volume that is restored or deleted is seen
  const datastoreVolume = key && (await shell.read.referenced(persistentVolumeClaims, key))
  const observed = withMembers({ ...known, ...(datastoreVolume && { datastoreVolume }) }, deps)
  if (isWorthProbing(observed)) {
    const workloadAPI = deps.askWorkloadAPI(observed)
    return workloadAPI ? { ...observed, workloadAPI } : observed
  }
  deps.stopAsking(input.owner)
  return observed
}

/** Where nobody may be asked, what was said before would be believed for ever; who sleeps says it again when it wakes. */
function withMembers(observed: Observed, { members }: HostedDeps): Observed {
  if (observed.datastore.hasMembersToAsk(observed)) {
    const datastoreMembers = members.ask(observed)
    return datastoreMembers ? { ...observed, datastoreMembers } : observed
  }
  members.stopAsking(observed.owner)
  if (isHibernating(observed)) return observed
  const { etcd: _, ...memory } = observed.memory
  return { ...observed, memory }
}

/** Watched by its name for as long as the spec names it: that it comes, and that it changes, goes on by itself. */
async function dataSourceSecretOf({ datastore, owner, spec }: HostedInput, { read }: Shell) {
  const name = datastore.sourceSecret?.(spec)
  return name === undefined ? undefined : read.referenced(secrets, { namespace: owner.namespace, name })
}

function liveOf(input: HostedInput, { read, now }: Shell, { namespace }: HostedDeps): Live {
  const parts = listOwned(type => read.by(type, 'owner', input.owner.uid))
  const ownerless = listOwned(type => read.by(type, 'ownerless', `${input.owner.namespace}/${input.clusterName}`))
  const mayWait = [...parts.statefulSets, ...ownerless.statefulSets].some(mayWaitForBudget)
  const needsNodes = input.spec.service?.type === 'NodePort' && !input.spec.externalAddress
  const time = now()
  return {
    ...input,
    now: time,
    ...(input.sleep && { scheduled: scheduledAt(input.sleep, time) }),
    ...ofCluster(input, read),
    managerNamespace: namespace,
    secrets: secretsOf(input, read),
    certificates: {},
    nodeAddresses: needsNodes ? nodeAddresses(read.by(nodes, 'all', '')) : [],
    mayNotReadNodes: needsNodes && read.unreadable(nodes) !== undefined,
    ...parts,
    ownerless,
    budgets: mayWait ? budgetsOf(input, read) : [],
  }
}

function ofCluster(
  input: HostedInput,
  read: Reader,
): Pick<Live, 'pods' | 'configsInUse' | 'refusedPods' | 'datastoreClaims'> {
  const { namespace } = input.owner
  const names = namesOf(input.clusterName)
  const cluster = `${namespace}/${input.clusterName}`
  const running = read.by(pods, 'cluster', cluster)
  const users = [...running, ...read.by(controllerRevisions, 'cluster', cluster)]
  return {
    pods: running,
    // by name: one that is not found counts as lost, and memory may have no room for it
    datastoreClaims: input.datastore
      .memberVolumes(names)
      .flatMap(name => read.get(persistentVolumeClaims, { namespace, name }) ?? []),
    configsInUse: [...new Set(users.flatMap(({ metadata }) => metadata.labels?.[configLabel] ?? []))].toSorted(),
    refusedPods: [names.statefulSet, input.datastore.objectNames(names).set ?? []]
      .flat()
      .flatMap(name => read.by(events, 'set', `${namespace}/${name}`)),
  }
}

/** There may be thousands that select whichever cluster's pods. */
function budgetsOf({ clusterName, owner: { namespace } }: HostedInput, read: Reader): Live['budgets'] {
  const ids = [...namespaced(namespace, clusterName), anyCluster(namespace)]
  return ids.flatMap(id => read.by(podDisruptionBudgets, 'selected', id))
}

function secretsOf(input: HostedInput, read: Reader): Live['secrets'] {
  const names = namesOf(input.clusterName)
  const { namespace } = input.owner
  const ofPurpose = purposesOf(input.datastore).map(purpose => [purpose, secretNameOf(names, purpose)] as const)
  const found = [...ofPurpose, ['kubeconfig', names.kubeconfig] as const].flatMap(([purpose, name]) => {
    const secret = read.get(secrets, { namespace, name })
    return secret ? [[purpose, secret] as const] : []
  })
  return Object.fromEntries(found)
}
