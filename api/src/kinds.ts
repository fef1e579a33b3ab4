// Every kind of ours, for what is done to each of them: CRDs, reference pages, checks — core
import { k0sWorkerConfig } from './bootstrap/k0s-worker-config.ts'
import { k0sWorkerConfigTemplate } from './bootstrap/k0s-worker-config-template.ts'
import { k0smotronControlPlane } from './controlplane/k0smotron-control-plane.ts'
import { k0smotronControlPlaneTemplate } from './controlplane/k0smotron-control-plane-template.ts'
import { k0smotronCluster } from './k0smotron/cluster.ts'
import { joinTokenRequest } from './k0smotron/join-token-request.ts'
import { isOfKind } from './resource.ts'
import type { Kind } from './schema/kind.ts'

export const bootstrapKinds: readonly Kind[] = [k0sWorkerConfig, k0sWorkerConfigTemplate]
export const controlPlaneKinds: readonly Kind[] = [k0smotronControlPlane, k0smotronControlPlaneTemplate]
/** For use without Cluster API. */
export const standaloneKinds: readonly Kind[] = [k0smotronCluster, joinTokenRequest]
export const kinds: readonly Kind[] = [...bootstrapKinds, ...controlPlaneKinds, ...standaloneKinds]

/** Whether the reference is to an object of one of them. */
export function isOurKind(reference: Parameters<typeof isOfKind>[0]): boolean {
  return kinds.some(kind => isOfKind(reference, kind))
}
