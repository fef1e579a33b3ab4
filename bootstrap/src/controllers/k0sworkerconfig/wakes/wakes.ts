// What wakes a worker config — core
import {
  type Cluster,
  clusterNameLabel,
  clusters,
  type K0sWorkerConfig,
  type KubeObject,
  k0sWorkerConfig,
  type Machine,
  type MachinePool,
  type MachineSpec,
  machinePools,
  machines,
  namesOf,
  type ObjectKey,
} from '@k0smotron-ts/api'
import { type KubeSecret, keyOf, type StoreReader, secrets, type Wake, wakeOn } from '@k0smotron-ts/runtime'
import { joinTokenSuffix } from '../identity.ts'
import { projectMachine, projectMachinePool, projectSecret } from './cache-projection.ts'

/** Everything that a pass reads, and everything that can end a wait. `namespace`: the only one to look at. */
export function wakesOf(namespace: string | undefined): readonly Wake[] {
  const within = namespace === undefined ? {} : { namespace }
  return [
    wakeOn<K0sWorkerConfig>({ ...within, type: k0sWorkerConfig }, config => [keyOf(config)]),
    wakeOn<Machine>(
      {
        ...within,
        type: machines,
        mayComeLater: true,
        keep: projectMachine,
        indexes: { cluster: ({ metadata, spec }) => [id(metadata, spec.clusterName)] },
      },
      machine => configKeys(machine, machine.spec),
    ),
    wakeOn<MachinePool>(
      {
        ...within,
        type: machinePools,
        mayComeLater: true,
        keep: projectMachinePool,
        indexes: { cluster: ({ metadata, spec }) => [id(metadata, spec.clusterName)] },
      },
      pool => configKeys(pool, pool.spec.template.spec),
    ),
    wakeOn<Cluster>({ ...within, type: clusters, mayComeLater: true }, (cluster, read) =>
      keysOfCluster(cluster, cluster.metadata.name ?? '', read),
    ),
    wakeOn<KubeSecret>({ ...within, type: secrets, labelSelector: clusterNameLabel, keep: projectSecret }, secretKeys),
  ]
}

function id({ namespace }: KubeObject['metadata'], cluster: string): string {
  return `${namespace}/${cluster}`
}

function configKeys({ metadata }: KubeObject, { bootstrap }: MachineSpec): readonly ObjectKey[] {
  const ref = bootstrap?.configRef
  const isWorker = ref?.kind === k0sWorkerConfig.kind && ref.apiGroup === k0sWorkerConfig.group
  return isWorker ? [keyIn(metadata.namespace, ref.name)] : []
}

function keysOfCluster({ metadata }: KubeObject, cluster: string, read: StoreReader): readonly ObjectKey[] {
  const name = id(metadata, cluster)
  return [
    ...read.by(machines, 'cluster', name).flatMap(machine => configKeys(machine, machine.spec)),
    ...read.by(machinePools, 'cluster', name).flatMap(pool => configKeys(pool, pool.spec.template.spec)),
  ]
}

/** The certificate authority and the kubeconfig concern every config of the cluster; any other one, the config of that name. */
function secretKeys(secret: KubeSecret, read: StoreReader): readonly ObjectKey[] {
  const { name = '', namespace, labels } = secret.metadata
  const cluster = labels?.[clusterNameLabel] ?? ''
  const { ca, kubeconfig } = namesOf(cluster)
  if (name === ca || name === kubeconfig) return keysOfCluster(secret, cluster, read)
  return [...new Set([name, withoutSuffix(name)])]
    .map(config => keyIn(namespace, config))
    .filter(key => read.get(k0sWorkerConfig, key) !== undefined)
}

function withoutSuffix(name: string): string {
  return name.endsWith(joinTokenSuffix) ? name.slice(0, -joinTokenSuffix.length) : name
}

function keyIn(namespace: string | undefined, name: string): ObjectKey {
  return namespace === undefined ? { name } : { namespace, name }
}
