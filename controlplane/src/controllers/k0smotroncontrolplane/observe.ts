// Reads everything that one pass decides on — shell
import { clusters, k0smotronControlPlane, type ObjectKey, ownerOfKind } from '@k0smotron-ts/api'
import {
  configMaps,
  controllerRevisions,
  events,
  networkPolicies,
  nodes,
  podDisruptionBudgets,
  pods,
  type Reader,
  type Shell,
  secrets,
  services,
  statefulSets,
} from '@k0smotron-ts/runtime'
import { isWorthProbing } from '../../hosted/availability.ts'
import { clusterNameOf, configLabel, namesFor } from '../../hosted/identity.ts'
import { nodeAddressOf } from '../../hosted/node-address.ts'
import { authorities, type HostedAPI, leaves, type Observed, type Purpose } from '../../hosted/observed.ts'
import { secretNameOf } from '../../hosted/pki/certificates.ts'
import type { ReadFacts } from '../../hosted/pki/secret-facts.ts'
import type { Infrastructure } from '../../infrastructure/infrastructure.ts'

/** What does not come out of the cache. */
export interface Surroundings {
  readonly operatorNamespace: string
  /** The last answer of the hosted API server; asking goes on until told to stop. */
  readonly askHostedAPI: (observed: Observed) => HostedAPI | undefined
  readonly stopAsking: (key: ObjectKey) => void
  readonly readFacts: ReadFacts
  readonly infrastructure: Infrastructure
}

/** `undefined`: the control plane is gone. Costs no request. */
export function observe(key: ObjectKey, { read, now }: Shell, around: Surroundings): Observed | undefined {
  const controlPlane = read.get(k0smotronControlPlane, key)
  if (!controlPlane) return undefined
  const { namespace } = key
  const inNamespace = (name: string): ObjectKey => (namespace === undefined ? { name } : { namespace, name })
  const owner = ownerOfKind(controlPlane, 'Cluster')
  const cluster = owner && read.get(clusters, inNamespace(owner.name))
  const base = { now: now(), controlPlane, ...(cluster && { cluster }) }
  const held = secretsOf(base, read, inNamespace)
  const uid = controlPlane.metadata.uid ?? ''
  const ofCluster = `${namespace}/${clusterNameOf(base)}`
  const nodeAddress = nodeAddressOf(controlPlane, () => read.by(nodes, 'all', ''))
  const observed: Observed = {
    ...base,
    secrets: held,
    ...around.readFacts({ ...base, secrets: held }),
    refusedSecrets: {},
    services: read.by(services, 'owner', uid),
    configMaps: read.by(configMaps, 'owner', uid),
    statefulSets: read.by(statefulSets, 'owner', uid),
    podDisruptionBudgets: read.by(podDisruptionBudgets, 'owner', uid),
    networkPolicies: read.by(networkPolicies, 'owner', uid),
    pods: read.by(pods, 'cluster', ofCluster),
    configsInUse: configsInUse(read, ofCluster),
    refusedPods: [namesFor(base).statefulSet, namesFor(base).etcd].flatMap(name =>
      read.by(events, 'set', `${namespace}/${name}`),
    ),
    operatorNamespace: around.operatorNamespace,
    ...(nodeAddress !== undefined && { nodeAddress }),
  }
  return withHostedAPI(observed, key, around)
}

type Base = Pick<Observed, 'now' | 'controlPlane' | 'cluster'>

function secretsOf(base: Base, read: Reader, inNamespace: (name: string) => ObjectKey): Observed['secrets'] {
  const names = namesFor(base)
  const purposes: readonly Purpose[] = [...authorities, ...leaves]
  const nameOf = {
    ...Object.fromEntries(purposes.map(purpose => [purpose, secretNameOf(names, purpose)])),
    kubeconfig: names.kubeconfig,
  }
  const found = Object.entries(nameOf).flatMap(([purpose, name]) => {
    const secret = read.get(secrets, inNamespace(name))
    return secret ? [[purpose, secret]] : []
  })
  return Object.fromEntries(found)
}

function configsInUse(read: Reader, ofCluster: string): string[] {
  const users = [...read.by(pods, 'cluster', ofCluster), ...read.by(controllerRevisions, 'cluster', ofCluster)]
  return [...new Set(users.flatMap(({ metadata }) => metadata.labels?.[configLabel] ?? []))].sort()
}

function withHostedAPI(observed: Observed, key: ObjectKey, { askHostedAPI, stopAsking }: Surroundings): Observed {
  if (!isWorthProbing(observed)) {
    stopAsking(key)
    return observed
  }
  const hostedAPI = askHostedAPI(observed)
  return hostedAPI ? { ...observed, hostedAPI } : observed
}
