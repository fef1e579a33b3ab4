// What the cache keeps of objects that are read in part — core
import { clusterNameLabel, type Machine, type MachinePool, namesOf, type ObjectMeta } from '@k0smotron-ts/api'
import type { KubeSecret, Node } from '@k0smotron-ts/runtime'
import { machineLabel } from './arrival.ts'
import { joinTokenSuffix } from './identity.ts'

/** Who an object is and whose; these kinds are never applied by us. */
function bareMetadata(metadata: ObjectMeta): ObjectMeta {
  const { annotations: _, managedFields: __, ...bare } = metadata
  return bare
}

/** The certificate without its key, the kubeconfig, the join tokens; of the bootstrap data only that it is there. */
export function bareSecret({ apiVersion, kind, metadata, data }: KubeSecret): KubeSecret {
  const { name = '', labels, annotations } = metadata
  const { ca, kubeconfig } = namesOf(labels?.[clusterNameLabel] ?? '')
  const bare = { apiVersion, kind, metadata: bareMetadata(metadata) }
  if (!data) return bare
  if (name === ca) return { ...bare, data: { 'tls.crt': data['tls.crt'] ?? '' } }
  if (name === kubeconfig) return { ...bare, data }
  if (!name.endsWith(joinTokenSuffix)) return bare
  return { ...bare, metadata: { ...bare.metadata, ...(annotations && { annotations }) }, data }
}

/** Its spec is small and read nearly whole; of its status only whether it has a node. */
export function bareMachine({ apiVersion, kind, metadata, spec, status }: Machine): Machine {
  const { nodeRef } = status ?? {}
  return { apiVersion, kind, metadata: bareMetadata(metadata), spec, ...(nodeRef && { status: { nodeRef } }) }
}

/** Without the status, which changes with every member. */
export function bareMachinePool({ apiVersion, kind, metadata, spec }: MachinePool): MachinePool {
  return { apiVersion, kind, metadata: bareMetadata(metadata), spec }
}

/** Which machine it is, its provider ID, and whether a cloud controller sees to it. */
export function bareNode({ apiVersion, kind, metadata, spec }: Node): Node {
  const { name, uid, resourceVersion, labels } = metadata
  const machine = labels?.[machineLabel]
  const bare: ObjectMeta = {
    ...(name && { name }),
    ...(uid && { uid }),
    ...(resourceVersion && { resourceVersion }),
    ...(machine !== undefined && { labels: { [machineLabel]: machine } }),
  }
  const { providerID, taints } = spec ?? {}
  return { apiVersion, kind, metadata: bare, spec: { ...(providerID && { providerID }), ...(taints && { taints }) } }
}

/** Whose it is and until when; who reads our memory learns no token that another process minted. */
export function bareToken({ apiVersion, kind, metadata, data }: KubeSecret): KubeSecret {
  const { expiration } = data ?? {}
  return { apiVersion, kind, metadata: bareMetadata(metadata), ...(expiration && { data: { expiration } }) }
}
