// Who says how many replicas a control plane has — core
import type { ObjectMeta } from '../meta.ts'

/** A user sets it where a write through `/scale` may also take members of the datastore away, and their volumes. */
export const scaleDownMembersAnnotation = 'k0smotron.io/scale-down-members'

/**
 * Whether the number was written through `/scale` last, as `kubectl scale` and autoscalers do: that subresource has no other
 * field, and whoever writes another number elsewhere takes it away from there.
 */
export function isScaledThroughSubresource({ managedFields = [] }: ObjectMeta): boolean {
  return managedFields.some(({ subresource }) => subresource === 'scale')
}
