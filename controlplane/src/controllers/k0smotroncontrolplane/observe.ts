// Reads everything that one pass decides on — shell
import { clusters, k0smotronControlPlane, namesOf, type ObjectKey, ownerOfKind } from '@k0smotron-ts/api'
import {
  controllerRevisions,
  events,
  nodes,
  persistentVolumeClaims,
  pods,
  type Reader,
  type Shell,
  secrets,
  type WorkloadAnswer,
} from '@k0smotron-ts/runtime'
import { purposesOf } from '../../hosted/datastore/datastore.ts'
import { withFacts } from '../../hosted/facts/facts.ts'
import { isWorthProbing } from '../../hosted/facts/reachability.ts'
import { configLabel } from '../../hosted/identity.ts'
import type { HostedInput } from '../../hosted/input.ts'
import type { Observed } from '../../hosted/observed.ts'
import { listOwned } from '../../hosted/owned.ts'
import { secretNameOf } from '../../hosted/pki/certificate-plan.ts'
import type { ReadFacts } from '../../hosted/pki/secret-facts.ts'
import type { Infrastructure } from '../../infrastructure/infrastructure.ts'
import { knownInfrastructure } from '../../infrastructure/infrastructure-kind.ts'
import { hostedInput, type Roots, type Snapshot } from './snapshot.ts'

/** What does not come out of the cache. */
export interface Dependencies {
  /** The last answer of the hosted API server; asking goes on until `stopAsking`. */
  readonly askHostedAPI: (observed: Observed) => WorkloadAnswer | undefined
  readonly stopAsking: (key: ObjectKey) => void
  readonly readFacts: ReadFacts
  readonly infrastructure: Infrastructure
}

/** `undefined`: the control plane is gone. Costs no request while nothing is out of the ordinary. */
export async function observe(key: ObjectKey, shell: Shell, deps: Dependencies): Promise<Snapshot | undefined> {
  const { read } = shell
  const controlPlane = read.get(k0smotronControlPlane, key)
  if (!controlPlane) return undefined
  const owner = ownerOfKind(controlPlane, 'Cluster')
  const named = owner && read.get(clusters, { ...key, name: owner.name })
  // another Cluster of that name is not the owner
  const cluster = named?.metadata.uid === owner?.uid ? named : undefined
  const roots: Roots = { controlPlane, ...(cluster && { cluster }) }
  const found = await deps.infrastructure.observe(roots, shell)
  const input = hostedInput(roots, found?.infrastructure && knownInfrastructure(found.infrastructure))
  const hosted = await withDatastoreVolume(observeHosted(input, shell, deps), shell)
  return { ...roots, ...found, hosted: withHostedAPI(hosted, key, deps) }
}

function observeHosted(input: HostedInput, { read, now }: Shell, deps: Dependencies): Observed {
  const bare = withFacts({
    ...input,
    now: now(),
    secrets: secretsOf(input, read),
    certificates: {},
    ...listOwned(type => read.by(type, 'owner', input.owner.uid)),
    ownerless: listOwned(type => read.by(type, 'ownerless', `${input.owner.namespace}/${input.clusterName}`)),
    ...ofCluster(input, read),
    nodes: needsNodes(input) ? read.by(nodes, 'all', '') : [],
    mayNotReadNodes: needsNodes(input) && read.unreadable(nodes) !== undefined,
  })
  return { ...bare, ...deps.readFacts(bare) }
}

function secretsOf(input: HostedInput, read: Reader): Observed['secrets'] {
  const names = namesOf(input.clusterName)
  const { namespace } = input.owner
  const ofPurpose = purposesOf(input.datastore).map(purpose => [purpose, secretNameOf(names, purpose)] as const)
  const found = [...ofPurpose, ['kubeconfig', names.kubeconfig] as const].flatMap(([purpose, name]) => {
    const secret = read.get(secrets, { namespace, name })
    return secret ? [[purpose, secret] as const] : []
  })
  return Object.fromEntries(found)
}

function ofCluster(input: HostedInput, read: Reader): Pick<Observed, 'pods' | 'configsInUse' | 'refusedPods'> {
  const { namespace } = input.owner
  const names = namesOf(input.clusterName)
  const cluster = `${namespace}/${input.clusterName}`
  const running = read.by(pods, 'cluster', cluster)
  const users = [...running, ...read.by(controllerRevisions, 'cluster', cluster)]
  return {
    pods: running,
    configsInUse: [...new Set(users.flatMap(({ metadata }) => metadata.labels?.[configLabel] ?? []))].toSorted(),
    refusedPods: [names.statefulSet, input.datastore.objectNames(names).set].flatMap(name =>
      read.by(events, 'set', `${namespace}/${name}`),
    ),
  }
}

function needsNodes({ spec: { service, externalAddress } }: HostedInput): boolean {
  return service?.type === 'NodePort' && !externalAddress
}

/** Watched by name for as long as it is asked for: a volume that is restored or deleted is seen. */
async function withDatastoreVolume(observed: Observed, { read }: Shell): Promise<Observed> {
  const name = observed.datastore.unusedVolume(observed)
  if (name === undefined) return observed
  const { namespace } = observed.owner
  const claim = await read.referenced(persistentVolumeClaims, { namespace, name })
  return claim ? { ...observed, datastoreVolume: claim } : observed
}

function withHostedAPI(observed: Observed, key: ObjectKey, { askHostedAPI, stopAsking }: Dependencies): Observed {
  if (!isWorthProbing(observed)) {
    stopAsking(key)
    return observed
  }
  const hostedAPI = askHostedAPI(observed)
  return hostedAPI ? { ...observed, hostedAPI } : observed
}
