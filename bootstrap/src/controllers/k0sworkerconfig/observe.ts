// Reads everything that one pass decides on — shell
import {
  clusters,
  dataSecret,
  type K0sWorkerConfig,
  type KubeObject,
  k0sWorkerConfig,
  machinePools,
  machines,
  namesOf,
  type ObjectKey,
  type OwnerReference,
  ownerOfKind,
  type ResourceType,
} from '@k0smotron-ts/api'
import { beside, conditionIn, type KubeSecret, type Reader, type Shell, secrets } from '@k0smotron-ts/runtime'
import { clusterNameOf, joinTokenName } from './identity.ts'
import type { Observed, Secrets } from './observed.ts'

/** `undefined`: the config is gone. Costs no request, except where the cache may lag behind, or must not hold what is there. */
export async function observe(key: ObjectKey, { read, client, now }: Shell): Promise<Observed | undefined> {
  const config = read.get(k0sWorkerConfig, key)
  if (!config) return undefined
  const owner = await ownersOf(config, { read, client })
  const cluster = clusterNameOf(owner)
  const found = cluster === undefined ? undefined : read.get(clusters, beside(config, cluster))
  return {
    now: now(),
    config,
    ...owner,
    ...(found && { cluster: found }),
    secrets: await secretsOf(config, cluster, read),
  }
}

type Reads = Pick<Shell, 'read' | 'client'>

async function ownersOf(config: K0sWorkerConfig, reads: Reads): Promise<Pick<Observed, 'machine' | 'machinePool'>> {
  const machine = await ownerIn(config, reads, machines)
  const machinePool = machine ? undefined : await ownerIn(config, reads, machinePools)
  return { ...(machine && { machine }), ...(machinePool && { machinePool }) }
}

/** The watch of the owner may lag behind that of the config: whether there is none, only the server can say. */
async function ownerIn<T extends KubeObject>(
  config: K0sWorkerConfig,
  { read, client }: Reads,
  type: ResourceType<T>,
): Promise<T | undefined> {
  const owner: OwnerReference | undefined = ownerOfKind(config, type.kind)
  if (!owner) return undefined
  const isIt = (object: T | undefined): object is T => object?.metadata.uid === owner.uid
  const key = beside(config, owner.name)
  const known = read.get(type, key)
  const found = isIt(known) ? known : await client.get(type, key)
  return isIt(found) ? found : undefined
}

async function secretsOf(config: K0sWorkerConfig, cluster: string | undefined, read: Reader): Promise<Secrets> {
  const { ca, kubeconfig } = namesOf(cluster ?? '')
  const isForeign = conditionIn(config.status?.conditions, dataSecret.dataSecretAvailable)?.reason === 'NotOurs'
  const find = async (name: string): Promise<KubeSecret | undefined> => {
    const key = beside(config, name)
    // one of someone else may lack the label by which the cache knows Secrets, and its going must wake us
    return read.get(secrets, key) ?? (isForeign ? read.referenced(secrets, key) : undefined)
  }
  const [certificateAuthority, kubeconfigSecret] = [ca, kubeconfig].map(name => read.get(secrets, beside(config, name)))
  const joinToken = await find(joinTokenName(config))
  const bootstrap = await find(config.metadata.name ?? '')
  return {
    ...(certificateAuthority && { certificateAuthority }),
    ...(kubeconfigSecret && { kubeconfig: kubeconfigSecret }),
    ...(joinToken && { joinToken }),
    ...(bootstrap && { bootstrap }),
  }
}
