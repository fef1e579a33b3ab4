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
import { conditionIn, configMaps, type KubeSecret, type Reader, type Shell, secrets } from '@k0smotron-ts/runtime'
import { clusterNameOf, joinTokenName } from './identity.ts'
import type { Content, Observed, Secrets } from './observed.ts'

/** `undefined`: the config is gone. Costs no request, except the first read of what the spec or the owner reference names. */
export async function observe(key: ObjectKey, { read, client, now }: Shell): Promise<Observed | undefined> {
  const config = read.get(k0sWorkerConfig, key)
  if (!config) return undefined
  const owner = await ownersOf(config, { read, client })
  const cluster = clusterNameOf(owner)
  const found = cluster === undefined ? undefined : read.get(clusters, beside(config, cluster))
  const known = await secretsOf(config, cluster, read)
  return {
    now: now(),
    config,
    ...owner,
    ...(found && { cluster: found }),
    secrets: known,
    contents: known.bootstrap ? {} : await contentsOf(config, read),
  }
}

/** The key of an object in the namespace of the config. */
function beside({ metadata: { namespace } }: KubeObject, name: string): ObjectKey {
  return namespace === undefined ? { name } : { namespace, name }
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

/** By index in `spec.files`; each reference is watched by name until the bootstrap data is stored. */
async function contentsOf(config: K0sWorkerConfig, read: Reader): Promise<Record<number, Content>> {
  const contents: Record<number, Content> = {}
  for (const [index, { contentFrom }] of (config.spec.files ?? []).entries()) {
    if (contentFrom?.secretRef) contents[index] = await ofSecret(config, contentFrom.secretRef, read)
    else if (contentFrom?.configMapRef) contents[index] = await ofConfigMap(config, contentFrom.configMapRef, read)
  }
  return contents
}

type KeyRef = { readonly name: string; readonly key: string }

async function ofSecret(config: K0sWorkerConfig, { name, key }: KeyRef, read: Reader): Promise<Content> {
  const value = (await read.referenced(secrets, beside(config, name)))?.data?.[key]
  return value === undefined ? { missing: `key ${key} of Secret ${name}` } : { bytes: Buffer.from(value, 'base64') }
}

async function ofConfigMap(config: K0sWorkerConfig, { name, key }: KeyRef, read: Reader): Promise<Content> {
  const { data, binaryData } = (await read.referenced(configMaps, beside(config, name))) ?? {}
  const [text, binary] = [data?.[key], binaryData?.[key]]
  if (text !== undefined) return { bytes: Buffer.from(text) }
  return binary === undefined
    ? { missing: `key ${key} of ConfigMap ${name}` }
    : { bytes: Buffer.from(binary, 'base64') }
}
