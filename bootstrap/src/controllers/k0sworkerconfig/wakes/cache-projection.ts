// What the cache keeps of objects that are read in part — core
import { clusterNameLabel, type Machine, type MachinePool, namesOf, type ObjectMeta } from '@k0smotron-ts/api'
import type { KubeSecret, Node } from '@k0smotron-ts/runtime'
import { joinTokenSuffix } from '../identity.ts'
import { machineLabel } from '../registration/arrival.ts'

/** Who an object is and whose; these kinds are never applied by us. */
function projectMetadata(metadata: ObjectMeta): ObjectMeta {
  const { annotations: _, managedFields: __, ...bare } = metadata
  return bare
}

/** The certificate without its key, the kubeconfig, the join tokens; of the bootstrap data only that it is there. */
export function projectSecret({ apiVersion, kind, metadata, data }: KubeSecret): KubeSecret {
  const { name = '', labels, annotations } = metadata
  const { ca, kubeconfig } = namesOf(labels?.[clusterNameLabel] ?? '')
  const bare = { apiVersion, kind, metadata: projectMetadata(metadata) }
  if (!data) return bare
  if (name === ca) return { ...bare, data: { 'tls.crt': data['tls.crt'] ?? '' } }
  if (name === kubeconfig) return { ...bare, data }
  if (!name.endsWith(joinTokenSuffix)) return bare
  return { ...bare, metadata: { ...bare.metadata, ...(annotations && { annotations }) }, data }
}

/** Its spec is small and read nearly whole; of its status only whether it has a node. */
export function projectMachine({ apiVersion, kind, metadata, spec, status }: Machine): Machine {
  const { nodeRef } = status ?? {}
  return { apiVersion, kind, metadata: projectMetadata(metadata), spec, ...(nodeRef && { status: { nodeRef } }) }
}

/** Without the status, which changes with every member. */
export function projectMachinePool({ apiVersion, kind, metadata, spec }: MachinePool): MachinePool {
  return { apiVersion, kind, metadata: projectMetadata(metadata), spec }
}

/** Which machine it is, its provider ID, and whether a cloud controller sees to it. */
export function projectNode({ apiVersion, kind, metadata, spec }: Node): Node {
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
export function projectToken({ apiVersion, kind, metadata, data }: KubeSecret): KubeSecret {
  const { expiration } = data ?? {}
  return { apiVersion, kind, metadata: projectMetadata(metadata), ...(expiration && { data: { expiration } }) }
}
