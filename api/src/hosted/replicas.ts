// Who says how many replicas a control plane has — core
import type { ObjectMeta } from '../meta.ts'

/** A user sets it where a write through `/scale` may also take members of the datastore away, and their volumes. */
export const scaleDownMembersAnnotation = 'k0smotron.io/scale-down-members'

/** We set it to the number of replicas while members stay against that: backups and moves keep it, and not who wrote the number. */
export const keepsMembersAnnotation = 'k0smotron.io/keeps-members'

/** Whether that number takes no members of the datastore away. */
export function keepsMembers(metadata: ObjectMeta, replicas = 1): boolean {
  const { [keepsMembersAnnotation]: keptAt, [scaleDownMembersAnnotation]: allowed } = metadata.annotations ?? {}
  if (allowed !== undefined) return false
  return keptAt === String(replicas) || isScaledThroughSubresource(metadata)
}

/**
 * Whether the number was written through `/scale` last, as `kubectl scale` and autoscalers do: that subresource has no other
 * field, and whoever writes another number elsewhere takes it away from there.
 */
function isScaledThroughSubresource({ managedFields = [] }: ObjectMeta): boolean {
  return managedFields.some(({ subresource }) => subresource === 'scale')
}
